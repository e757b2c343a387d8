import type { Answer, Customer } from './customer.js';

/** What a client sees of an answer, in the bytes that it sees. */
interface Line {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly cacheControl: string | undefined;
  readonly retryAfter: string | undefined;
  readonly allow: string | undefined;
  readonly etag: string | undefined;
  readonly body: string;
}

const TOKEN = /eyJ[\w-]+\.[\w-]+\.[\w-]+/g;
const KEY = /v1[\w-]{56}/g;
const HANDLE = /eyJ[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+/g;
const MASKED = /\+\d{2}••••\d{4}/g;
const MOMENT = /\d{4}-\d{2}-\d{2}T[\d:.]+Z/g;
const RECOVERY_CODE = /"\w{5}-\w{5}"/g;

/** The answers to one customer, with whatever is random or personal put out of the comparison. */
export class Transcript {
  readonly lines: Line[] = [];
  readonly #customer: Customer;

  constructor(customer: Customer) {
    this.#customer = customer;
  }

  add({ status, headers, text }: Answer): void {
    const contentType = headers['content-type'];
    const isProblem = contentType?.startsWith('application/problem') === true;
    this.lines.push({
      status,
      contentType,
      cacheControl: headers['cache-control'],
      retryAfter: headers['retry-after'],
      allow: headers.allow,
      // Express adds one to every answer of its own; a refusal has none.
      etag: isProblem ? headers.etag : undefined,
      body: this.#withPlaceholders(text),
    });
  }

  #withPlaceholders(text: string): string {
    const { emulator, host, id, phone } = this.#customer;
    const page = new RegExp(`${emulator.url.replaceAll('.', '\\.')}/[^"]*`, 'g');
    return text
      .replace(page, '<url>')
      .replace(HANDLE, '<handle>')
      .replace(TOKEN, '<token>')
      .replace(KEY, '<key>')
      .replace(MASKED, '<masked>')
      .replace(MOMENT, '<moment>')
      .replace(RECOVERY_CODE, '"<recovery code>"')
      .replaceAll(host.url, '<host>')
      .replaceAll(JSON.stringify(id).slice(1, -1), '<user>')
      .replaceAll(phone, '<phone>');
  }
}
