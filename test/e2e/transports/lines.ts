import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';

/** What a gateway sent. */
export interface Sent {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The two kinds of sockets that Nest has adapters for. */
export const KINDS = ['ws', 'socket.io'] as const;
export type Kind = (typeof KINDS)[number];

/** One open connection of a client. */
export interface Line {
  tell(event: string, data?: unknown): void;
  /** The next thing that is sent, or what was sent and nobody took yet. */
  next(): Promise<Sent>;
  hangUp(): void;
}

/** What was sent, in order, for whoever waits. */
class Mailbox {
  readonly #sent: Sent[] = [];
  readonly #waiting: ((sent: Sent) => void)[] = [];

  put(sent: Sent): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) {
      this.#sent.push(sent);
    } else {
      waiting(sent);
    }
  }

  take(): Promise<Sent> {
    const sent = this.#sent.shift();
    return sent === undefined
      ? new Promise((resolve) => this.#waiting.push(resolve))
      : Promise.resolve(sent);
  }
}

type Headers = Readonly<Record<string, string>>;

export function dial(kind: Kind, url: string, headers: Headers): Promise<Line> {
  return kind === 'ws' ? dialWs(url, headers) : dialIo(url, headers);
}

async function dialWs(url: string, headers: Headers): Promise<Line> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/bank`, { headers });
  const mailbox = new Mailbox();
  socket.on('message', (text) => mailbox.put(JSON.parse(String(text))));
  await new Promise((resolve, reject) => {
    socket.once('open', resolve).once('error', reject);
  });
  return {
    tell: (event, data) => socket.send(JSON.stringify({ event, data })),
    next: () => mailbox.take(),
    hangUp: () => socket.terminate(),
  };
}

async function dialIo(url: string, headers: Headers): Promise<Line> {
  const socket: Socket = io(`${url}/bank`, {
    extraHeaders: headers,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
  });
  const mailbox = new Mailbox();
  socket.onAny((event, data) => mailbox.put({ event, data }));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve).once('connect_error', reject);
  });
  return {
    tell: (event, data) => socket.emit(event, ...(data === undefined ? [] : [data])),
    next: () => mailbox.take(),
    hangUp: () => socket.disconnect(),
  };
}
