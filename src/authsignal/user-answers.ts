import type {
  AuthenticatorAnswer,
  EnrollVerifiedAnswer,
  UserAnswer,
} from '../core/authsignal-port.js';
import { flag, listOf, objectOf, type Shape, text } from './shape.js';

export const userAnswer: Shape<UserAnswer> = objectOf<UserAnswer>(
  { isEnrolled: flag },
  {
    phoneNumber: text,
    email: text,
    enrolledVerificationMethods: listOf(text),
    allowedVerificationMethods: listOf(text),
  },
);

const authenticatorAnswer = objectOf<AuthenticatorAnswer>(
  { userAuthenticatorId: text, verificationMethod: text },
  { phoneNumber: text, email: text },
);

export const authenticatorsAnswer: Shape<readonly AuthenticatorAnswer[]> =
  listOf(authenticatorAnswer);

export const enrollVerifiedAnswer: Shape<EnrollVerifiedAnswer> = objectOf<EnrollVerifiedAnswer>(
  { authenticator: authenticatorAnswer },
  { recoveryCodes: listOf(text) },
);
