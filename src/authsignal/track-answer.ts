import type { TrackAnswer } from '../core/authsignal-port.js';
import { flag, listOf, objectOf, type Shape, text } from './shape.js';

export const trackAnswer: Shape<TrackAnswer> = objectOf<TrackAnswer>(
  { state: text, token: text, url: text, isEnrolled: flag, idempotencyKey: text },
  { allowedVerificationMethods: listOf(text), enrolledVerificationMethods: listOf(text) },
);
