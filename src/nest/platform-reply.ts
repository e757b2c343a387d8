type Headers = Readonly<Record<string, string | readonly string[]>>;

/** Express's response: Node's own. */
interface NodeReply {
  readonly headersSent: boolean;
  statusCode: number;
  setHeader(name: string, value: string | number): unknown;
  appendHeader(name: string, value: readonly string[]): unknown;
  end(text: string): unknown;
}

interface FastifyReply {
  readonly sent: boolean;
  code(status: number): unknown;
  getHeader(name: string): unknown;
  header(name: string, value: unknown): unknown;
  send(text: string): unknown;
}

export type PlatformReply = NodeReply | FastifyReply;

/**
 * Writes an answer as it is, byte for byte the same on both platforms: past `res.send` of Express,
 * which would add an ETag to what nobody may store, and past interceptors, which may wrap it.
 * Headers that come as lists are the application's and go beside those that are there.
 */
export function writeReply(
  reply: PlatformReply,
  answer: { readonly status: number; readonly headers: Headers; readonly text: string },
): void {
  const { status, text } = answer;
  const headers = { ...answer.headers, 'content-length': Buffer.byteLength(text) };
  if ('code' in reply) {
    if (!reply.sent) {
      reply.code(status);
      for (const [name, value] of Object.entries(headers)) {
        reply.header(name, typeof value === 'object' ? beside(reply, name, value) : value);
      }
      reply.send(text);
    }
  } else if (!reply.headersSent) {
    reply.statusCode = status;
    for (const [name, value] of Object.entries(headers)) {
      if (typeof value === 'object') {
        reply.appendHeader(name, value);
      } else {
        reply.setHeader(name, value);
      }
    }
    reply.end(text);
  }
}

/** Fastify adds to cookies by itself; of any other header it keeps the last. */
function beside(reply: FastifyReply, name: string, values: readonly string[]): readonly unknown[] {
  const there = name === 'set-cookie' ? undefined : reply.getHeader(name);
  return there === undefined ? values : [there, ...values].flat();
}
