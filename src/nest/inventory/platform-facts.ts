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
}

function expressFacts(instance: ExpressInstance): PlatformFacts {
  const names = stackOf(instance)?.map((layer) => String(Object(layer).name));
  return {
    trustsProxy: instance.enabled?.('trust proxy'),
    parsesBodies: names?.some((name) => PARSERS.test(name)),
  };
}

/** Express 4 keeps its router in `_router`, and its getter of the name `router` throws. */
function stackOf(instance: object): readonly unknown[] | undefined {
  try {
    const router: unknown = Reflect.get(instance, '_router') ?? Reflect.get(instance, 'router');
    const { stack }: { readonly stack?: unknown } = Object(router);
    return Array.isArray(stack) ? stack : undefined;
  } catch {
    return undefined;
  }
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
