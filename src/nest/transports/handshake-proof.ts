import type { ActionRequest } from '../../core/action-request.js';

const taken = new WeakSet<object>();

/**
 * The proof of a handshake goes to the first guarded message of its connection that has none of
 * its own. Otherwise each later message would be measured by a proof that is used up.
 *
 * @param header its name in lower case.
 */
export function takeHandshakeProof<Raw>(
  request: ActionRequest<unknown, Raw>,
  header: string,
): ActionRequest<unknown, Raw> {
  const client: object = Object(request.raw);
  if (request.transport !== 'ws' || request.proof !== undefined) {
    return request;
  }
  if (!taken.has(client)) {
    taken.add(client);
    return request;
  }
  const { [header]: _taken, ...headers } = request.headers;
  return { ...request, headers };
}
