const MAX_LENGTH = 300;
const NUMBER = /\+?\d(?:[\s().-]?\d){3,}/g;
const PHONE = /^\+\d{7,15}$/;

/** Takes out whatever looks like a phone number or a one-time code. */
export function maskNumbers(text: string): string {
  return text.replace(NUMBER, '[number]');
}

/** A phone number in E.164 with its middle hidden, such as `+64••••0000`; other text as it is. */
export function maskPhone(text: string): string {
  return PHONE.test(text) ? `${text.slice(0, 3)}••••${text.slice(-4)}` : text;
}

/**
 * An error of somebody else's code in words that may be logged: one line, without the given
 * secrets, and without anything that looks like a phone number or a one-time code.
 */
export function describeError(error: unknown, secrets: readonly string[]): string {
  const text =
    error instanceof Error ? `${error.name}: ${error.message}` : `${typeof error} thrown`;
  const cleared = secrets.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text);
  return maskNumbers(cleared.slice(0, MAX_LENGTH)).replace(/[\r\n\u2028\u2029]+/g, ' ');
}
