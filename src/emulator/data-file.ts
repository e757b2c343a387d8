import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EmulatorError } from './emulator-error.js';

/** A file that holds either the state before or the state after a change, never a part of one. */
export class DataFile {
  readonly #path: string;
  readonly #snapshot: () => string;
  #changes = 0;
  #written = 0;
  #writing: Promise<void> | undefined;

  constructor(path: string, snapshot: () => string) {
    this.#path = path;
    this.#snapshot = snapshot;
  }

  /** Marks the state as changed; it is written soon, and before `settled` resolves. */
  changed(): void {
    this.#changes += 1;
    // What fails here is tried again, and reported, by whoever waits for `settled`.
    queueMicrotask(() => this.settled().catch(() => undefined));
  }

  /**
   * Resolves when all that has changed until now is on the disk. Changes that come while a write
   * runs share the next one.
   * @throws EmulatorError `data_file_unwritable`
   */
  async settled(): Promise<void> {
    const wanted = this.#changes;
    while (this.#written < wanted) {
      this.#writing ??= this.#write().finally(() => {
        this.#writing = undefined;
      });
      await this.#writing;
    }
  }

  async #write(): Promise<void> {
    const change = this.#changes;
    await writeWhole(this.#path, this.#snapshot());
    this.#written = change;
  }
}

/** The text of the file; undefined if there is none yet. */
export async function readDataFile(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new EmulatorError(
      'data_file_unreadable',
      `The data file ${path} cannot be read (${codeOf(error)}).`,
    );
  }
}

/** Beside, to the disk, renamed, folder to the disk: a kill at any point leaves the old or the new file. */
async function writeWhole(path: string, text: string): Promise<void> {
  const beside = `${path}.tmp`;
  try {
    await withFile(beside, 'w', async (file) => {
      await file.writeFile(text);
      await file.sync();
    });
    await rename(beside, path);
    await withFile(dirname(path), 'r', (folder) => folder.sync());
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw new EmulatorError(
      'data_file_unwritable',
      `The data file ${path} cannot be written (${codeOf(error)}).`,
    );
  }
}

type OpenFile = Awaited<ReturnType<typeof open>>;

async function withFile(
  path: string,
  flags: 'r' | 'w',
  use: (file: OpenFile) => Promise<void>,
): Promise<void> {
  // Codes and tokens' secrets lie in it: for the owner alone.
  const file = await open(path, flags, 0o600);
  try {
    await use(file);
  } finally {
    await file.close();
  }
}

/** By its shape: in a test runner's realm the errors of `node:fs` are no instances of `Error`. */
function codeOf(error: unknown): string {
  const hasCode = typeof error === 'object' && error !== null && 'code' in error;
  return hasCode ? String(error.code) : 'unknown error';
}
