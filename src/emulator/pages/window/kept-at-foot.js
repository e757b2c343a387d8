/**
 * Keeps the foot of what scrolls in sight when its room grows or shrinks, unless somebody has
 * scrolled away from it.
 *
 * @param {HTMLElement} node
 * @returns {() => void} scrolls to the foot
 */
export function keptAtFoot(node) {
  let isAtFoot = true;
  const toFoot = () => {
    node.scrollTop = node.scrollHeight;
  };
  node.addEventListener('scroll', () => {
    isAtFoot = node.scrollHeight - node.scrollTop - node.clientHeight < 8;
  });
  new ResizeObserver(() => {
    if (isAtFoot) toFoot();
  }).observe(node);
  return toFoot;
}
