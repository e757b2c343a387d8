import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulator, startEmulator } from 'authsignal-guard/emulator';
import Database from 'libsql';
import { type RedisServer, startRedis } from '../../support/redis-server.js';
import { RoundRobinProxy } from '../../support/round-robin-proxy.js';
import { killProcesses } from '../../support/service-process.js';
import { Instance, type InstanceSettings, type Make } from './instance.js';
import { Payer } from './payer.js';

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  CREATE TABLE runs (subject TEXT NOT NULL, proof_id TEXT NOT NULL, instance TEXT NOT NULL);`;

/** What the instances of one suite share, and the balancer before them. */
export class Fleet {
  readonly #folder = mkdtempSync(join(tmpdir(), 'fleet-test-'));
  readonly #file = join(this.#folder, 'bank.db');
  readonly #database = new Database(this.#file);
  #instances: readonly Instance[] = [];
  #named = 0;

  private constructor(
    readonly emulator: Emulator,
    readonly redis: RedisServer,
    readonly proxy: RoundRobinProxy,
  ) {
    this.#database.exec(SCHEMA);
  }

  static async start(): Promise<Fleet> {
    const emulator = await startEmulator({
      actions: { createPayment: { outcome: 'CHALLENGE' } },
    });
    return new Fleet(emulator, await startRedis({ keepsAll: true }), await RoundRobinProxy.start());
  }

  /** Those behind the balancer. */
  get instances(): readonly Instance[] {
    return this.#instances;
  }

  /** Of the balancer. */
  get url(): string {
    return this.proxy.url;
  }

  /** An instance that the balancer does not know. */
  launch(make: Make, more: Partial<InstanceSettings> = {}): Promise<Instance> {
    this.#named += 1;
    return Instance.start({
      ...make,
      name: `instance-${this.#named}`,
      redisUrl: this.redis.url,
      apiUrl: this.emulator.apiUrl,
      apiSecretKey: this.emulator.secret,
      database: this.#file,
      // Two cores serve all of this: nothing is to be late only because it waits for one.
      timeoutMs: 20_000,
      storeTimeoutMs: 20_000,
      messagesPerNumber: 3,
      ...more,
    });
  }

  /** These behind the balancer, and no others any more. */
  async launchAll(makes: readonly Make[]): Promise<void> {
    await Promise.all(this.#instances.map((each) => each.process.kill()));
    this.balance(await Promise.all(makes.map((make) => this.launch(make))));
  }

  balance(instances: readonly Instance[]): void {
    this.#instances = instances;
    this.proxy.balance(instances.map(({ port }) => port));
  }

  /** Ends one as a crash would, and puts another of its make in its place. */
  async replace(instance: Instance): Promise<void> {
    await instance.process.kill();
    const successor = await this.launch(instance.make);
    this.balance(this.#instances.map((each) => (each === instance ? successor : each)));
  }

  /** A customer who has the proof for one payment. */
  async payer(given: { readonly hold?: boolean } = {}, url = this.url): Promise<Payer> {
    const payer = new Payer(this.emulator, given);
    await payer.stepUp(url);
    return payer;
  }

  /** How often the handler ran for a customer, in all instances that ever were. */
  runs({ id }: Payer): number {
    const row = this.#database
      .prepare('SELECT count(*) AS runs FROM runs WHERE subject = ?')
      .get(id);
    return Number(Object(row).runs);
  }

  /** The instances that have a connection to Redis. */
  async connectedToRedis(): Promise<readonly string[]> {
    const list = String(await this.redis.command('CLIENT', 'LIST'));
    return [...list.matchAll(/ name=(\S+)/g)].map(([, name = '']) => name);
  }

  async close(): Promise<void> {
    await killProcesses();
    await this.proxy.close();
    await this.redis.stop();
    await this.emulator.stop();
    this.#database.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
