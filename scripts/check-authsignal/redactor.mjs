/** Takes out of every line what nobody may read in it. */
export class Redactor {
  /** @type {Map<string, string>} */
  #replacements = new Map();

  /** @param {string} secret the API secret; the form in which the header carries it goes too */
  constructor(secret) {
    const encoded = Buffer.from(`${secret}:`).toString('base64');
    for (const form of [secret, encoded, encoded.replace(/=+$/, '')]) {
      this.#replacements.set(form, '<secret>');
    }
  }

  /** @param {string} code */
  addCode(code) {
    this.#replacements.set(code, '<code>');
  }

  /** @param {string} text */
  clean(text) {
    let cleaned = text;
    for (const [from, to] of this.#replacements) cleaned = cleaned.replaceAll(from, to);
    return cleaned
      .replace(/eyJ[\w-]+\.[\w-]+(\.[\w-]*)?/g, '<token>')
      .replace(/\+?\d[\d ()-]{5,}\d/g, masked);
  }
}

/**
 * The country's digits and the last two.
 * @param {string} text
 */
export function masked(text) {
  const digits = text.replace(/\D/g, '');
  if (digits.length < 7) return text;
  return `${text.startsWith('+') ? '+' : ''}${digits.slice(0, 2)}…${digits.slice(-2)}`;
}
