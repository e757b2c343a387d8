import type { HttpAdapterHost } from '@nestjs/core';

export interface PlatformFacts {
  /** `undefined`: not known. */
  readonly trustsProxy: boolean | undefined;
  readonly parsesBodies: boolean | undefined;
}

/** What the platform under Nest tells of proxies and parsers. Never throws: what it does not tell is not known. */
export function platformFacts({ httpAdapter }: HttpAdapterHost): PlatformFacts {
  const instance: unknown = httpAdapter?.getInstance?.();
  switch (httpAdapter?.getType?.()) {
    case 'express':
      return expressFacts(Object(instance));
    case 'fastify':
      return fastifyFacts(Object(instance));
    default:
      return { trustsProxy: undefined, parsesBodies: undefined };
  }
}

interface ExpressInstance {
  enabled?(setting: string): boolean;
  readonly router?: unknown;
  readonly _router?: unknown;
}

function expressFacts(instance: ExpressInstance): PlatformFacts {
  const { stack }: { stack?: unknown } = Object(instance._router ?? instance.router);
  const names = Array.isArray(stack) ? stack.map((layer) => String(Object(layer).name)) : undefined;
  return {
    trustsProxy: instance.enabled?.('trust proxy'),
    parsesBodies: names?.some((name) => PARSERS.test(name)),
  };
}

/** The names of Express's own parsers. */
const PARSERS = /^(?:json|urlencoded|text|raw)Parser$/;

interface FastifyInstance {
  hasContentTypeParser?(type: string): boolean;
}

function fastifyFacts(instance: FastifyInstance): PlatformFacts {
  const symbol = Object.getOwnPropertySymbols(instance).find(
    ({ description }) => description === 'fastify.options',
  );
  const options: unknown = symbol && Reflect.get(instance, symbol);
  return {
    trustsProxy: options === undefined ? undefined : Boolean(Object(options).trustProxy),
    parsesBodies: instance.hasContentTypeParser?.('application/json'),
  };
}
