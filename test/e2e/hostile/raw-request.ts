import { connect } from 'node:net';

/** One request in the bytes that go over the wire; nothing of it is normalised. */
export interface RawRequest {
  readonly method: string;
  /** As it stands in the request line. */
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: Buffer;
  readonly isChunked?: boolean;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const PATIENCE_MS = 20_000;

/** Sends it over a connection of its own. Rejects where nothing that looks like HTTP comes back. */
export function sendRaw(url: string, request: RawRequest): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => socket.write(bytesOf(request)));
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error('no answer'));
    }, PATIENCE_MS);
    socket.on('data', (chunk) => chunks.push(chunk));
    // A server that refuses early resets what is still on its way; its answer counts.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(timer);
      const answer = parse(Buffer.concat(chunks));
      if (answer === undefined) {
        reject(new Error('no HTTP answer'));
      } else {
        resolve(answer);
      }
    });
  });
}

function bytesOf({ method, target, headers, body, isChunked = false }: RawRequest): Buffer {
  const framing = isChunked
    ? ['transfer-encoding: chunked']
    : body === undefined
      ? []
      : [`content-length: ${body.length}`];
  const lines = [
    `${method} ${target} HTTP/1.1`,
    'host: bank.test',
    'connection: close',
    ...framing,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  const content = body ?? Buffer.alloc(0);
  return Buffer.concat([head, isChunked ? chunked(content) : content]);
}

function chunked(body: Buffer): Buffer {
  const half = Math.ceil(body.length / 2);
  const parts = [body.subarray(0, half), body.subarray(half)].filter(({ length }) => length > 0);
  return Buffer.concat([
    ...parts.flatMap((part) => [
      Buffer.from(`${part.length.toString(16)}\r\n`),
      part,
      Buffer.from('\r\n'),
    ]),
    Buffer.from('0\r\n\r\n'),
  ]);
}

function parse(bytes: Buffer): RawAnswer | undefined {
  const text = bytes.toString('utf8').replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '');
  const end = text.indexOf('\r\n\r\n');
  const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(text) ?? [];
  if (status === undefined || end < 0) {
    return undefined;
  }
  const headers = Object.fromEntries(
    text
      .slice(0, end)
      .split('\r\n')
      .slice(1)
      .map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 1).trim(),
      ]),
  );
  return { status: Number(status), headers, text: text.slice(end + 4) };
}
