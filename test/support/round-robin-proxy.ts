import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/**
 * A balancer on loopback: each request goes to the next instance in turn. One that takes no connection is passed over;
 * what may have reached an instance is never sent again, and answered 502 if that instance went away.
 */
export class RoundRobinProxy {
  readonly #server: Server;
  readonly #agent = new Agent({ keepAlive: false });
  #ports: readonly number[] = [];
  #turn = 0;

  private constructor() {
    this.#server = createServer((incoming, outgoing) => {
      void buffer(incoming).then((body) => this.#forward(incoming, body, outgoing));
    });
  }

  static async start(): Promise<RoundRobinProxy> {
    const proxy = new RoundRobinProxy();
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** From the next request on. */
  balance(ports: readonly number[]): void {
    this.#ports = ports;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  #forward(incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse, passed = 0): void {
    const { method, url: path, headers } = incoming;
    this.#turn += 1;
    const port = this.#ports[this.#turn % this.#ports.length];
    const fail = (): void => void outgoing.writeHead(502).end();
    if (port === undefined || passed === this.#ports.length) {
      fail();
      return;
    }
    const { connection: _ours, ...theirs } = headers;
    const { host, agent } = { host: '127.0.0.1', agent: this.#agent };
    const call = request({ host, port, method, path, headers: theirs, agent }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('error', () => outgoing.destroy());
      answer.pipe(outgoing);
    });
    call.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') {
        this.#forward(incoming, body, outgoing, passed + 1);
      } else if (!outgoing.headersSent) {
        fail();
      }
    });
    call.end(body);
  }
}
