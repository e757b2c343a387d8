/** @typedef {import('node:http').ServerResponse} ServerResponse */
/** @typedef {import('./faults.mjs').FaultKind} FaultKind */

const SLOW_MS = 40;

/**
 * Answers a call as its fault has it.
 *
 * @param {ServerResponse} response
 * @param {FaultKind | undefined} fault
 * @param {() => object} work carries the call out
 */
export async function respond(response, fault, work) {
  switch (fault) {
    case 'hang':
      return;
    case 'reset-before':
      response.socket?.resetAndDestroy();
      return;
    case 'reset-after':
      work();
      response.socket?.resetAndDestroy();
      return;
    case '502-html':
      send(response, 502, '<html><h1>Bad gateway</h1></html>', 'text/html');
      return;
    case '503-empty':
      send(response, 503, '');
      return;
    case 'redirect':
      response.setHeader('location', 'http://127.0.0.1:1/elsewhere');
      send(response, 302, '');
      return;
    case '500':
    case '429':
    case '401':
      send(response, Number(fault), JSON.stringify({ error: 'soak', errorDescription: 'soaking' }));
      return;
    case 'malformed':
      send(response, 200, JSON.stringify(work()).slice(0, -3));
      return;
    case 'empty':
      work();
      send(response, 200, '');
      return;
    case 'missing-fields':
      send(response, 200, JSON.stringify(withoutSome(work())));
      return;
    case 'wrong-types':
      send(response, 200, JSON.stringify(mistyped(work())));
      return;
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
  }
  send(response, 200, JSON.stringify(work()));
}

/** Every second field, which is the state or the key of each answer. @param {object} answer */
const withoutSome = (answer) =>
  Object.fromEntries(Object.entries(answer).filter((_entry, index) => index % 2 === 1));

/** @param {object} answer */
const mistyped = (answer) =>
  Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, [value]]));

/** @param {ServerResponse} response @param {number} status @param {string} text */
function send(response, status, text, type = 'application/json') {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
