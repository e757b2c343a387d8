/** @type {import('node:worker_threads').MessagePort} */
let port;

/** @param {import('node:worker_threads').MessagePort} given */
export function initialize(given) {
  port = given;
}

/** @type {import('node:module').LoadHook} */
export function load(url, context, nextLoad) {
  if (url.startsWith('file:')) {
    port.postMessage(url);
  }
  return nextLoad(url, context);
}
