import type { Controller, Handler } from '../handlers.js';

/** The keys under which `@nestjs/swagger` keeps what `@ApiExcludeController` and `@ApiExcludeEndpoint` say. */
const CONTROLLER_KEY = 'swagger/apiExcludeController';
const ENDPOINT_KEY = 'swagger/apiExcludeEndpoint';

/** Whether documents leave the handler out. */
export function isLeftOut(controller: Controller, handler: Handler): boolean {
  const ofClass: unknown = Reflect.getMetadata(CONTROLLER_KEY, controller);
  const ofMethod: unknown = Reflect.getMetadata(ENDPOINT_KEY, handler);
  return saysSo(ofClass) || saysSo(ofMethod);
}

function saysSo(said: unknown): boolean {
  return [said].flat().some((one) => one === true || Object(one).disable === true);
}
