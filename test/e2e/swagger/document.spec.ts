import SwaggerParser from '@apidevtools/swagger-parser';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type INestApplication, VersioningType } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { documentActions } from 'authsignal-guard/swagger';
import { type NestPlatform, openShop } from './shop.js';

interface Told {
  readonly description?: string;
  readonly content?: Record<string, { schema: Record<string, unknown> }>;
  readonly headers?: Record<string, unknown>;
}

interface Said {
  readonly description?: string;
  readonly parameters?: readonly Record<string, unknown>[];
  readonly requestBody?: Told;
  readonly responses: Record<string, Told>;
  readonly 'x-step-up-actions'?: readonly string[];
}

const PLATFORMS: readonly NestPlatform[] = ['nest-express', 'nest-fastify'];
const PROBLEM = 'application/problem+json';
const GATED = ['401', '403', '409', '500', '503'];
const VERSIONED = { type: VersioningType.URI } as const;

let app: INestApplication | undefined;

afterEach(async () => {
  await app?.close();
  app = undefined;
});

async function open(...given: Parameters<typeof openShop>): Promise<INestApplication> {
  app = await openShop(...given);
  return app;
}

function documentOf(
  of: INestApplication,
  options?: Parameters<typeof SwaggerModule.createDocument>[2],
): OpenAPIObject {
  return SwaggerModule.createDocument(of, new DocumentBuilder().setTitle('Shop').build(), options);
}

/** For `@All` Nest documents methods that OpenAPI does not know. */
async function validate(document: OpenAPIObject): Promise<void> {
  const copy = structuredClone(document);
  for (const item of Object.values(copy.paths)) {
    Reflect.deleteProperty(item, 'search');
    Reflect.deleteProperty(item, 'query');
  }
  await SwaggerParser.validate(copy as never);
}

function said(document: OpenAPIObject, method: string, path: string): Said {
  const operation: unknown = Reflect.get(Object(document.paths[path]), method);
  if (operation === undefined) {
    throw new Error(`${method} ${path} is not in ${Object.keys(document.paths).join(' ')}`);
  }
  return operation as Said;
}

/** The codes that a response tells, by its schema. */
function codesOf({ content }: Told): readonly string[] {
  const { schema = {} } = content?.[PROBLEM] ?? {};
  const refs = JSON.stringify(schema).match(/schemas\/\w+Problem/g) ?? [];
  return [...new Set(refs)].map((name) => name.slice('schemas/'.length));
}

const guardedPaths = (document: OpenAPIObject): readonly string[] =>
  Object.entries(document.paths)
    .flatMap(([path, item]) =>
      Object.entries(Object(item)).flatMap(([method, operation]) =>
        Reflect.has(Object(operation), 'x-step-up-actions') ? `${method} ${path}` : [],
      ),
    )
    .toSorted();

describe.each(PLATFORMS)('a document of %s', (platform) => {
  it('is valid, and tells of each guarded route what is answered there', async () => {
    const shop = await open(platform, {}, (made) => {
      made.setGlobalPrefix('api', { exclude: ['webhooks/health'] });
      made.enableVersioning(VERSIONED);
    });
    const document = documentActions(shop, documentOf(shop));
    const methods = ['delete', 'get', 'head', 'options', 'patch', 'post', 'put', 'search'];
    expect(guardedPaths(document)).toEqual(
      [
        ...methods.map((method) => `${method} /api/my/account/close`),
        'get /api/v3/my/account/files/{path}',
        'get /api/v1/payments/watched/all',
        'get /api/v2/payments/watched/all',
        ...['v1', 'v2'].flatMap((version) => [
          `delete /api/${version}/payments/{id}`,
          `delete /api/${version}/payments/{id}/now`,
          `post /api/${version}/payments`,
        ]),
      ].toSorted(),
    );

    const create = said(document, 'post', '/api/v2/payments');
    expect(Object.keys(create.responses)).toEqual(['201', '400', ...GATED]);
    expect(create['x-step-up-actions']).toEqual(['createPayment']);
    expect(create.description).toBe(
      'May ask for step-up as action `createPayment`. Only WHATSAPP counts.',
    );
    expect(create.parameters).toContainEqual(
      expect.objectContaining({ name: 'Step-Up-Proof', in: 'header', required: false }),
    );
    expect(codesOf(create.responses[403] ?? {})).toEqual([
      'StepUpRequiredProblem',
      'StepUpEnrollmentRequiredProblem',
      'StepUpBlockedProblem',
      'StepUpReviewPendingProblem',
      'StepUpFailedProblem',
    ]);
    expect(create.responses[403]?.content?.[PROBLEM]?.schema).toMatchObject({
      discriminator: {
        propertyName: 'code',
        mapping: { step_up_blocked: '#/components/schemas/StepUpBlockedProblem' },
      },
    });
    expect(create.responses[503]?.headers).toHaveProperty('Retry-After');
    expect(create.responses[409]?.headers).toBeUndefined();

    const watched = said(document, 'get', '/api/v1/payments/watched/all');
    expect(Object.keys(watched.responses)).toEqual(['200']);
    expect(said(document, 'post', '/api/my/account/close')['x-step-up-actions']).toEqual([
      'closeAccount',
      'readAccount',
    ]);

    await validate(document);
  });

  it('leaves alone what it says already, open routes, and a second call changes nothing', async () => {
    const shop = await open(platform);
    const before = documentOf(shop);
    const document = documentActions(shop, structuredClone(before));

    expect(said(document, 'get', '/payments/{id}')).toEqual(said(before, 'get', '/payments/{id}'));
    expect(said(document, 'get', '/webhooks/health')).toEqual(
      said(before, 'get', '/webhooks/health'),
    );
    const cancel = said(document, 'delete', '/payments/{id}');
    expect(cancel.description).toBe('Cancels it.');
    expect(cancel.responses[403]?.description).toBe('Not your payment.');
    expect(Object.keys(cancel.responses[403]?.content ?? {})).toEqual([
      'application/json',
      PROBLEM,
    ]);
    expect(cancel.parameters?.filter(({ in: place }) => place === 'header')).toEqual([
      expect.objectContaining({ description: 'Said by hand.' }),
    ]);
    expect(JSON.stringify(document)).not.toMatch(/hidden|secret/);
    for (const [name, schema] of Object.entries(before.components?.schemas ?? {})) {
      expect(document.components?.schemas?.[name]).toEqual(schema);
    }

    const once = structuredClone(document);
    expect(documentActions(shop, document)).toBe(document);
    expect(document).toEqual(once);
  });

  it('tells of the WhatsApp routes and of webhooks', async () => {
    const shop = await open(platform);
    const document = documentActions(shop, documentOf(shop));
    const start = said(document, 'post', '/whatsapp/enrollment');
    expect(Object.keys(start.responses)).toEqual([
      '200',
      '400',
      '401',
      '403',
      '409',
      '422',
      '429',
      '500',
      '503',
    ]);
    expect(start.requestBody?.content).toEqual({
      'application/json': { schema: { $ref: '#/components/schemas/WhatsAppPhoneNumber' } },
    });
    expect(start.responses[200]?.content?.['application/json']?.schema).toEqual({
      $ref: '#/components/schemas/WhatsAppCodeSent',
    });
    expect(start.responses[429]?.headers).toHaveProperty('Retry-After');
    const told = Object.fromEntries(
      Object.keys(document.paths)
        .filter((path) => path.startsWith('/whatsapp'))
        .map((path) => {
          const method = path === '/whatsapp' ? 'get' : 'post';
          const { responses, parameters = [] } = said(document, method, path);
          const proof = parameters.some(({ name }) => name === 'Step-Up-Proof') ? 'proof ' : '';
          return [path, proof + Object.keys(responses).join(' ')];
        }),
    );
    expect(told).toEqual({
      '/whatsapp': '200 401 500 503',
      '/whatsapp/enrollment': 'proof 200 400 401 403 409 422 429 500 503',
      '/whatsapp/enrollment/verify': '200 400 401 429 500 503',
      '/whatsapp/phone-number': 'proof 200 400 401 403 409 422 429 500 503',
      '/whatsapp/phone-number/verify': '200 400 401 429 500 503',
      '/whatsapp/verified-number': 'proof 200 400 401 403 409 422 500 503',
      '/whatsapp/sign-in': '200 400 422 429 500 503',
      '/whatsapp/sign-in/verify': '200 400 429 500 503',
      '/whatsapp/resend': '200 400 401 422 429 500 503',
    });
    const signIn = said(document, 'post', '/whatsapp/sign-in/verify');
    expect(codesOf(signIn.responses[503] ?? {})).toContain('SignInIncompleteProblem');

    const webhook = said(document, 'post', '/webhooks/authsignal');
    expect(Object.keys(webhook.responses)).toEqual(['200', '400', '401', '413', '500', '503']);
    expect(webhook.parameters).toContainEqual(
      expect.objectContaining({ name: 'X-Signature-V2', required: true }),
    );
    await validate(document);
  });
});

describe('a document', () => {
  it('may leave the prefix out, and operations may have other ids', async () => {
    const shop = await open('nest-express', { header: 'X-Proof' }, (made) =>
      made.setGlobalPrefix('api'),
    );
    const document = documentActions(
      shop,
      documentOf(shop, {
        ignoreGlobalPrefix: true,
        operationIdFactory: (controller, method) => `${method}By${controller}`,
      }),
    );
    const create = said(document, 'post', '/payments');
    expect(Object.keys(create.responses)).toContain('403');
    expect(create.parameters).toContainEqual(expect.objectContaining({ name: 'X-Proof' }));
    expect(said(document, 'get', '/payments/{id}').responses).not.toHaveProperty('409');
  });

  it('of OpenAPI 3.1 is valid, too, and of an application that runs already', async () => {
    const shop = await open('nest-express');
    await shop.init();
    const config = new DocumentBuilder().setTitle('Shop').setOpenAPIVersion('3.1.0').build();
    const document = documentActions(shop, SwaggerModule.createDocument(shop, config));
    await validate(document);
    expect(document.openapi).toBe('3.1.0');
  });

  it('has one schema for all refusals that it tells of', async () => {
    const shop = await open('nest-express');
    const { components } = documentActions(shop, documentOf(shop));
    expect(components?.schemas?.StepUpProblem).toMatchObject({
      discriminator: { propertyName: 'code', mapping: { step_up_required: expect.any(String) } },
    });
  });
});
