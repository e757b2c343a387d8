import { describe, expect, it } from '@jest/globals';
import { randomText } from '../../../src/core/random-text.js';

describe('random text', () => {
  it.each([
    [12, 16],
    [15, 20],
    [96, 128],
  ])('of %i bytes is %i url-safe characters, never the same twice', (bytes, length) => {
    const texts = Array.from({ length: 5_000 }, () => randomText(bytes));
    expect(new Set(texts).size).toBe(5_000);
    for (const text of texts) {
      expect(text).toMatch(new RegExp(`^[\\w-]{${length}}$`));
    }
  });

  it('never gives the same bytes to two, whatever lengths are asked for', () => {
    const seen = new Set<string>();
    let asked = 0;
    for (let round = 0; round < 3_000; round += 1) {
      for (const bytes of [9, 12, 15]) {
        const text = randomText(bytes);
        // Nine bytes alike by chance: once in 2^72.
        for (let at = 0; at + 12 <= text.length; at += 4) {
          seen.add(text.slice(at, at + 12));
          asked += 1;
        }
      }
    }
    expect(seen.size).toBe(asked);
  });
});
