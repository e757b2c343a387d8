const MAX_LENGTH = 300;
/** Digits with what people write between them: spaces, brackets, dots, slashes and every dash. */
const NUMBER = /\+?\d(?:[\s()./\u2010-\u2015-]{0,3}\d){3,}/g;
const PHONE = /^\+\d{7,15}$/;

/** Takes out whatever looks like a phone number or a one-time code. */
export function maskNumbers(text: string): string {
  return text.replace(NUMBER, '[number]');
}

/** A phone number in E.164 with its middle hidden, such as `+64••••0000`; other text as it is. */
export function maskPhone(text: string): string {
  if (!PHONE.test(text)) {
    return text;
  }
  // Of a short number fewer digits are shown, so that four at least are hidden.
  const shown = Math.min(4, text.length - 7);
  return `${text.slice(0, 3)}••••${text.slice(-shown)}`;
}

/**
 * An error of somebody else's code in words that may be logged: one line, without the given
 * secrets, and without anything that looks like a phone number or a one-time code.
 */
export function describeError(error: unknown, secrets: readonly string[]): string {
  // The longest first: one secret may be a part of another.
  const cleared = secrets
    .toSorted((one, other) => other.length - one.length)
    .reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), wordsOf(error));
  return maskNumbers(cleared.slice(0, MAX_LENGTH)).replace(/[\r\n\u2028\u2029]+/g, ' ');
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return `${typeof error} thrown`;
  }
  const { name, message }: { readonly name: unknown; readonly message: unknown } = error;
  return typeof name === 'string' && typeof message === 'string'
    ? `${name}: ${message}`
    : `${typeof error} thrown`;
}
