import type { Supply } from './counters.js';

/** One of everything that a request needs: all of them, or none. */
export interface Share {
  readonly supply: Supply;
  readonly key: string;
  /** Instead of the supply's own. */
  readonly windowMs?: number;
}

export type SharesTaken<S extends Share> =
  | { readonly ok: true; readonly giveBack: () => Promise<void> }
  | { readonly ok: false; readonly share: S; readonly retryAfterMs: number };

/**
 * Takes one of each, or nothing at all. Looks first and takes then, so that what is refused
 * leaves no trace, and refuses nobody else meanwhile. Of many refusals the longest is told.
 */
export async function takeShares<S extends Share>(shares: readonly S[]): Promise<SharesTaken<S>> {
  const refused = await longestWait(shares);
  if (refused !== undefined) {
    return refused;
  }
  const undo: (() => Promise<void>)[] = [];
  const giveBack = async (): Promise<void> => {
    await Promise.all(undo.map((step) => step()));
  };
  try {
    // One after the other, the narrowest first: a crowd from one client is refused by the limit of
    // that client, before it takes of what others need.
    for (const share of shares) {
      const taken = await share.supply.take(share.key, share.windowMs);
      if (!taken.ok) {
        await giveBack();
        return { ...taken, share };
      }
      undo.push(taken.giveBack);
    }
  } catch (error) {
    await giveBack().catch(() => undefined);
    throw error;
  }
  return { ok: true, giveBack };
}

async function longestWait<S extends Share>(
  shares: readonly S[],
): Promise<(SharesTaken<S> & { ok: false }) | undefined> {
  const waits = await Promise.all(
    shares.map(async (share) => ({
      ok: false as const,
      share,
      retryAfterMs: await share.supply.waitFor(share.key),
    })),
  );
  const [longest] = waits.toSorted((one, other) => other.retryAfterMs - one.retryAfterMs);
  return longest !== undefined && longest.retryAfterMs > 0 ? longest : undefined;
}
