import { MemoryReplayStore, type ReplayStore } from 'authsignal-guard';
import type { ReplayFault } from './store-tables.js';

type Mode = 'works' | ReplayFault;

/** A store that burns and restores in memory, and fails as it is told. */
export class FailingStore implements ReplayStore {
  burning: Mode = 'works';
  restoring: Mode = 'works';
  burns = 0;
  restores = 0;
  readonly #memory = new MemoryReplayStore();
  readonly #full = new MemoryReplayStore({ maxKeys: 1 });

  constructor() {
    this.#full.burn('of somebody else', 'owner', 86_400_000);
  }

  reset(): void {
    this.burning = 'works';
    this.restoring = 'works';
    this.burns = 0;
    this.restores = 0;
  }

  burn(key: string, owner: string, ttlMs: number): Promise<boolean> | boolean {
    this.burns += 1;
    return this.burning === 'is full'
      ? this.#full.burn(key, owner, ttlMs)
      : failing(this.burning, () => this.#memory.burn(key, owner, ttlMs));
  }

  restore(key: string, owner: string): Promise<void> | void {
    this.restores += 1;
    return failing(this.restoring, () => this.#memory.restore(key, owner));
  }
}

/** What a driver with types for nothing hands over. */
function junk<T>(json: string): T {
  return JSON.parse(json);
}

function failing<T>(mode: Mode, work: () => T): Promise<T> | T {
  switch (mode) {
    case 'throws':
      throw new Error('redis://user:password@10.0.0.1 refused +64211234567');
    case 'rejects':
      return Promise.reject(new Error('no quorum'));
    case 'answers after the deadline':
      return new Promise<T>(() => undefined);
    case 'answers "OK"':
      return junk('"OK"');
    case 'answers 1':
      return Promise.resolve(junk('1'));
    case 'answers nothing':
      return junk('null');
    default:
      return work();
  }
}
