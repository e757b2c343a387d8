import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A cable to a server on loopback: its connections can be counted, and what is sent can be held up. */
export class Relay {
  readonly #server: Server;
  readonly #near = new Set<Socket>();
  #held: (() => void)[] | undefined;

  private constructor(port: number) {
    this.#server = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      this.#near.add(near);
      near.on('data', (chunk) => this.#pass(() => far.write(chunk)));
      far.pipe(near);
      near.once('close', () => {
        this.#near.delete(near);
        far.destroy();
      });
      for (const end of [near, far]) {
        end.on('error', () => near.destroy());
      }
    });
  }

  static async start(port: number): Promise<Relay> {
    const relay = new Relay(port);
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  get connections(): number {
    return this.#near.size;
  }

  /** Whether something was sent that does not arrive. */
  get isHolding(): boolean {
    return this.#held !== undefined && this.#held.length > 0;
  }

  /** From now on nothing arrives that is sent. */
  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const pass of held) {
      pass();
    }
  }

  async close(): Promise<void> {
    this.#server.close();
    for (const near of this.#near) {
      near.destroy();
    }
    await once(this.#server, 'close');
  }

  #pass(write: () => void): void {
    if (this.#held === undefined) {
      write();
    } else {
      this.#held.push(write);
    }
  }
}
