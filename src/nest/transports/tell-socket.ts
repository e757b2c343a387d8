import type { ArgumentsHost } from '@nestjs/common';
import { findUnbound } from '../../core/bound-values.js';
import type { StepUpProblem } from '../../core/wire.js';
import { messageProblem, splitData } from './message-data.js';
import { property } from './property.js';

/** A socket of `ws`; its `emit` would reach nobody but this process. */
interface NativeSocket {
  readonly readyState: number;
  send(text: string): unknown;
}

interface IoSocket {
  emit(event: string, data: unknown): unknown;
}

/**
 * Sends a refusal as Nest's own filter sends an exception: as the event `exception`, with the
 * message that it is about as `cause`.
 */
export function tellSocket(host: ArgumentsHost, problem: StepUpProblem): void {
  const ws = host.switchToWs();
  const client = ws.getClient<NativeSocket | IoSocket>();
  const { data } = splitData(ws.getData<unknown>());
  // What is no plain data, or nested too deep, may not be possible to send.
  const isPlain = data !== undefined && findUnbound(data, 'finite') === undefined;
  const cause = { pattern: ws.getPattern(), ...(isPlain ? { data } : {}) };
  const refusal = { ...messageProblem(problem, data), cause };
  if (isNative(client)) {
    client.send(JSON.stringify({ event: 'exception', data: refusal }));
  } else {
    client.emit('exception', refusal);
  }
}

/** As Nest tells them apart. */
function isNative(client: NativeSocket | IoSocket): client is NativeSocket {
  return typeof property(client, 'readyState') === 'number';
}
