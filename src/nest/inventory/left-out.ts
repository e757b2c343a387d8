import { CONTROLLER_LEFT_OUT, ENDPOINT_LEFT_OUT } from '../foreign-metadata.js';
import type { Controller, Handler } from '../handlers.js';

/** Whether documents leave the handler out. */
export function isLeftOut(controller: Controller, handler: Handler): boolean {
  const ofClass: unknown = Reflect.getMetadata(CONTROLLER_LEFT_OUT, controller);
  const ofMethod: unknown = Reflect.getMetadata(ENDPOINT_LEFT_OUT, handler);
  return saysSo(ofClass) || saysSo(ofMethod);
}

function saysSo(said: unknown): boolean {
  return [said].flat().some((one) => one === true || Object(one).disable === true);
}
