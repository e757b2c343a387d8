import { type Answer, ok } from '../answer.js';
import { readCommand, type Shape, type Values } from './command-fields.js';
import type { ControlRoom } from './control-room.js';

/** A change that the window asks for: done, or refused in words. */
export type WindowCommand = (room: ControlRoom, body: Readonly<Record<string, unknown>>) => Answer;

/** `run` answers undefined when it is done. */
export function windowCommand<S extends Shape>(
  shape: S,
  run: (room: ControlRoom, values: Values<S>) => Answer | undefined,
): WindowCommand {
  return (room, body) => {
    const read = readCommand(shape, body);
    if ('refusal' in read) return read.refusal;
    return run(room, read.values) ?? ok({ done: true });
  };
}
