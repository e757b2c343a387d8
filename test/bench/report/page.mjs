/**
 * Puts each part between its markers, `<!-- table:NAME -->` and `<!-- /table:NAME -->`, and leaves
 * all else as it is. A part that was not measured keeps what stands there.
 *
 * @param {string} page
 * @param {Readonly<Record<string, string>>} parts by name
 * @returns {string}
 * @throws when the page has no place for a part
 */
export function filledPage(page, parts) {
  return Object.entries(parts).reduce((text, [name, part]) => {
    const [from, to] = [`<!-- table:${name} -->`, `<!-- /table:${name} -->`];
    const start = text.indexOf(from);
    const end = text.indexOf(to);
    if (start === -1 || end < start) {
      throw new Error(`The page has no place for "${name}": it needs ${from} and ${to}.`);
    }
    return `${text.slice(0, start + from.length)}\n${part}\n${text.slice(end)}`;
  }, page);
}
