import type { ExecutionContext } from '@nestjs/common';
import { isPlainObject } from '../../core/bound-values.js';
import { PROOF_FIELD } from '../../core/wire.js';
import { splitData } from './message-data.js';
import { takeMetadata } from './message-metadata.js';
import { takeOut } from './taken-out.js';

/**
 * Takes the proof out of the message itself, before anything that a filter could be told of it: to
 * filters Nest hands a list of arguments that no guard can reach, with the same objects in it.
 *
 * @param header its name, of metadata.
 */
export function hideProof(context: ExecutionContext, header: string): void {
  const index = DATA_AT.get(context.getType<string>());
  if (index === undefined) {
    return;
  }
  const args = context.getArgs<unknown[]>();
  const sent = args[index];
  if (isPlainObject(sent) && !takeOut(sent, PROOF_FIELD)) {
    // Frozen, by a deserializer of the application's perhaps. Interceptors, pipes and the handler
    // get these very arguments.
    args[index] = splitData(sent).data;
  }
  if (context.getType() === 'rpc') {
    takeMetadata(context.switchToRpc().getContext(), header);
  }
}

const DATA_AT: ReadonlyMap<string, number> = new Map([
  ['ws', 1],
  ['rpc', 0],
]);
