import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Recorded {
  readonly method: string;
  /** As it came, undecoded, with the query. */
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Arrival extends Recorded {
  readonly response: ServerResponse;
  readonly socket: Socket;
}

/** What an answer looks like that has every field any call needs. */
export const GOOD_ANSWER = {
  state: 'CHALLENGE_REQUIRED',
  token: 'a.b.c',
  url: 'https://mfa.example/?token=a.b.c',
  isEnrolled: true,
  idempotencyKey: 'key-1',
  isValid: false,
  challengeId: 'challenge-1',
  isVerified: true,
  authenticator: { userAuthenticatorId: 'authenticator-1', verificationMethod: 'WHATSAPP' },
};

/** An HTTP server on loopback that records what arrives and misbehaves as it is told. */
export class StubApi {
  readonly arrivals: Recorded[] = [];
  connections = 0;
  /** Resolves with each whole request. */
  respond: (arrival: Arrival) => void = good;
  onConnection: (socket: Socket) => void = () => undefined;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #onClose: (() => void)[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('error', () => undefined);
      request.on('end', () => this.#arrived(request, response, Buffer.concat(chunks).toString()));
    });
    this.#server.keepAliveTimeout = 60_000;
    this.#server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        for (const resolve of this.#onClose.splice(0)) {
          resolve();
        }
      });
      this.onConnection(socket);
    });
  }

  static async start(): Promise<StubApi> {
    const stub = new StubApi();
    await new Promise<void>((resolve) => stub.#server.listen(0, '127.0.0.1', resolve));
    return stub;
  }

  get origin(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  get apiUrl(): string {
    return `${this.origin}/v1`;
  }

  get openSockets(): readonly Socket[] {
    return [...this.#sockets];
  }

  /** Resolves when the next connection is closed, from whichever side. */
  nextClose(): Promise<void> {
    return new Promise((resolve) => {
      this.#onClose.push(resolve);
    });
  }

  becomeGood(): void {
    this.respond = good;
    this.onConnection = () => undefined;
  }

  /** May be called again. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) {
      socket.destroy();
    }
    await closed;
  }

  #arrived(request: IncomingMessage, response: ServerResponse, body: string): void {
    const { method = '', url: target = '', headers, socket } = request;
    this.arrivals.push({ method, target, headers, body });
    this.respond({ method, target, headers, body, response, socket });
  }
}

export function good({ method, target, response }: Arrival): void {
  const isList = method === 'GET' && target.endsWith('/authenticators');
  answer(response, 200, JSON.stringify(isList ? [GOOD_ANSWER.authenticator] : GOOD_ANSWER));
}

export function answer(
  response: ServerResponse,
  status: number,
  body = '',
  headers: Record<string, string> = { 'content-type': 'application/json' },
): void {
  response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) });
  response.end(body);
}
