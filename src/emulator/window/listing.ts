/** The first of a list that may be long, and how many more there are. */
export interface Listing<T> {
  readonly items: readonly T[];
  readonly more: number;
}

export function listing<Entry, T>(
  entries: readonly Entry[],
  most: number,
  view: (entry: Entry, index: number) => T,
): Listing<T> {
  return { items: entries.slice(0, most).map(view), more: Math.max(0, entries.length - most) };
}
