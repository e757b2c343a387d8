import { HttpException } from '@nestjs/common';
import { DUPLICATE_ANSWER } from '../../webhook/duplicate-answer.js';

/** An event that was delivered before: the handler does not run, and its sender is told that all is well. */
export class DuplicateWebhook extends HttpException {
  readonly answer = DUPLICATE_ANSWER;

  constructor() {
    super(JSON.parse(DUPLICATE_ANSWER.text), DUPLICATE_ANSWER.status, {
      description: 'Delivered before',
    });
  }
}
