/** Enough of a number or an address for its owner to know it, and no more. */
export function masked(to: string): string {
  const at = to.indexOf('@');
  if (at > 0) return `${to.slice(0, 1)}•••${to.slice(at)}`;
  return `${to.slice(0, 3)} ••• ${to.slice(-3)}`;
}
