import type { Response } from 'express';

/**
 * Writes an answer as it is, past `res.send`, which would add an ETag to what nobody may store.
 * Headers that come as lists are the application's and go beside what middleware has set.
 */
export function writeAnswer(
  res: Response,
  answer: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string | readonly string[]>>;
    readonly text: string;
  },
): void {
  if (res.headersSent) {
    // Something that stands before, a timeout perhaps, has answered already.
    return;
  }
  const { status, headers, text } = answer;
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') {
      res.setHeader(name, value);
    } else {
      res.appendHeader(name, value);
    }
  }
  res.setHeader('content-length', Buffer.byteLength(text));
  res.statusCode = status;
  res.end(text);
}
