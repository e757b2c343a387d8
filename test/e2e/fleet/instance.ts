import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { type Ended, ServiceProcess } from '../../support/service-process.js';

/** How an instance is built: by which framework, on which Redis library. */
export interface Make {
  readonly framework: 'nest' | 'express';
  readonly client: 'ioredis' | 'node-redis';
}

export const FRAMEWORKS = ['nest', 'express'] as const;

/** Four, of one framework (a proof is bound to the handler, which Nest names), on both libraries. */
export const fourOf = (framework: Make['framework']): readonly Make[] =>
  (['ioredis', 'node-redis', 'ioredis', 'node-redis'] as const).map((client) => ({
    framework,
    client,
  }));

export interface InstanceSettings extends Make {
  readonly name: string;
  readonly redisUrl: string;
  readonly apiUrl: string;
  readonly apiSecretKey: string;
  /** The file that all instances write their runs to. */
  readonly database: string;
  readonly timeoutMs: number;
  readonly storeTimeoutMs: number;
  readonly messagesPerNumber: number;
}

const APP = 'test/e2e/fleet/app/main.mjs';
const BUILT = ['dist/esm/index.js', 'dist/esm/redis/index.js', 'dist/esm/nest/index.js'];

/** One process of the application, which uses the package as it was built. */
export class Instance {
  private constructor(
    readonly process: ServiceProcess,
    readonly make: Make,
    readonly port: number,
  ) {}

  static async start(settings: InstanceSettings): Promise<Instance> {
    const missing = BUILT.find((file) => !existsSync(file));
    if (missing !== undefined) {
      throw new Error(`${missing} is missing: npm run build`);
    }
    const child = new ServiceProcess(settings.name, APP, settings);
    return new Instance(child, settings, Number(await child.said('listening')));
  }

  get name(): string {
    return this.process.name;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get ended(): Promise<Ended> {
    return this.process.ended;
  }

  /** Once the handler runs for a customer. */
  async running(subject: string): Promise<void> {
    await this.process.said('running', (whose) => whose === subject);
  }

  /** Lets the handler that is held up for a customer go on. */
  release(subject: string): void {
    this.process.tell({ release: subject });
  }

  /** Whether it takes connections. */
  listens(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
  }
}
