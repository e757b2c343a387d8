/** @typedef {'open' | 'beside' | 'first' | 'refusal' | 'retry'} Kind */

/**
 * Where the requests of one application go, and who sends them.
 * @typedef {object} Aim
 * @property {string} url
 * @property {string} path of the guarded route
 * @property {string} bodyFile
 * @property {string} challenged the user who is challenged
 * @property {string} keysFile
 */

/**
 * What is sent for each kind of request, and how it must be answered.
 *
 * @param {Kind} kind
 * @param {Aim} aim
 * @returns {Omit<import('./wrk.mjs').Shot, 'connections' | 'seconds'>}
 */
export function shotOf(kind, { url, path, bodyFile, challenged, keysFile }) {
  switch (kind) {
    case 'open':
    case 'beside':
      return { url: `${url}/${kind}`, method: 'GET', user: 'allow-1', status: 200 };
    case 'first':
      return { url: url + path, method: 'POST', user: 'allow-1', status: 201, bodyFile };
    case 'refusal':
      return { url: url + path, method: 'POST', user: challenged, status: 403, bodyFile };
    case 'retry':
      return { url: url + path, method: 'POST', user: challenged, status: 201, bodyFile, keysFile };
  }
}
