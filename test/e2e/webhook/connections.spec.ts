import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  BadRequestException,
  Body,
  type CallHandler,
  Controller,
  type ExecutionContext,
  Get,
  Injectable,
  type NestInterceptor,
  type PipeTransform,
  Post,
  type Type,
  UseInterceptors,
} from '@nestjs/common';
import { createStepUpGate, MemoryReplayStore } from 'authsignal-guard';
import { authsignalWebhook, webhookEventOf } from 'authsignal-guard/express';
import {
  type AuthsignalEvent,
  AuthsignalWebhook,
  RequireAction,
  WebhookEvent,
} from 'authsignal-guard/nest';
import { FakeAuthsignal, signWebhook } from 'authsignal-guard/testing';
import { type Observable, throwError, timeout, VirtualTimeScheduler } from 'rxjs';
import { Customer } from '../../support/customer.js';
import { Deferred } from '../../support/deferred.js';
import { startExpress } from '../../support/express-host.js';
import { EXPRESS, gateOptions, type Host, NEST, PLATFORMS, Runs } from '../../support/host.js';
import { startNest } from '../../support/nest-host.js';
import { foundTown } from '../../support/scenarios.js';
import { anEvent, type Delivery, deliverQuietly, PATH } from '../../support/sender.js';
import { webhookHost } from '../../support/webhook-host.js';

const town = foundTown();

describe.each(EXPRESS)('a connection to %s', (platform) => {
  let host: Host;
  beforeAll(async () => {
    const gate = createStepUpGate(gateOptions(town()));
    host = await startExpress(platform, town(), gate, (app, runs) => {
      // Twice, as an application may mount it for a path and again for a route below.
      const webhook = authsignalWebhook(gate);
      app.use(PATH, webhook);
      app.post(PATH, webhook, (req, res) => {
        runs.add(PATH);
        res.json({ handled: webhookEventOf(req).id });
      });
      app.post('/open', (req, res) => {
        res.json(webhookEventOf(req));
      });
    });
  });
  afterAll(() => host.close());

  it('that ends in the middle of the body is refused, and burns nothing', async () => {
    const customer = new Customer(host, town());
    const event = anEvent();
    const { emulator } = town();
    const { headers, body } = signWebhook({
      apiSecretKey: emulator.secret,
      event,
      now: emulator.clock.now(),
    });
    const refused = town().ledger.next('webhook_refused');
    const call = httpRequest(host.url + PATH, {
      method: 'POST',
      headers: { ...headers, 'content-length': body.length },
    });
    call.on('error', () => undefined);
    call.write(body.slice(0, 20), () => call.destroy());
    await refused;
    expect(customer.event('webhook_refused')).toMatchObject({ why: 'body_broken_off' });
    expect((await deliverQuietly(customer, { event })).json).toEqual({ handled: event.id });
    expect(customer.runs).toBe(1);
  });

  it('that sends more than is read gets its answer while it sends', async () => {
    const call = httpRequest(host.url + PATH, {
      method: 'POST',
      headers: {
        'x-signature-v2': unsigned(town().emulator.clock.now()),
        'content-type': 'text/plain',
      },
    });
    call.on('error', () => undefined);
    const answered = new Promise<number | undefined>((resolve) => {
      call.on('response', (response) => {
        response.resume();
        resolve(response.statusCode);
      });
    });
    call.write(Buffer.alloc(1_048_577));
    expect(await answered).toBe(413);
    call.destroy();
  });

  it('to a handler that no webhook guards is a mistake', async () => {
    const customer = new Customer(host, town());
    const answer = await deliverQuietly(customer, { path: '/open' });
    expect(answer.status).toBe(500);
    expect(customer.logged).toContain('Put authsignalWebhook(gate) before this handler');
  });
});

/** More than is ever read: most of it is still on its way when it is refused. */
const LONG = Buffer.alloc(3_000_000, 'a');
/** No parser of any host reads it. */
const UNREAD = 'application/x-unread';

describe.each(PLATFORMS)('a connection to %s that is kept', (platform) => {
  let host: Host;
  beforeAll(async () => {
    const handle = ({ id }: AuthsignalEvent) => ({ handled: id });
    const raw = platform.startsWith('nest') ? 'kept' : 'unread';
    const building = webhookHost({ routes: { [PATH]: {} }, handle, raw });
    host = await building.start(platform, town());
  });
  afterAll(() => host.close());

  it.each([
    ['is outdated', -6],
    ['is ahead', 6],
    ['is none', undefined],
  ])('is answered before the body where the signature %s', async (_how, minutes) => {
    const headers = { ...untimely(minutes), 'content-length': LONG.length };
    const call = httpRequest(host.url + PATH, { method: 'POST', headers });
    call.on('error', () => undefined);
    // Nothing of the body, ever.
    call.flushHeaders();
    const answer = await answerTo(call);
    expect(answer).toMatchObject({ status: 401, json: { code: 'webhook_signature_invalid' } });
    call.destroy();
  });

  it.each([
    ['is outdated', -6],
    ['is ahead', 6],
    ['is none', undefined],
  ])('takes the next delivery after one whose signature %s', async (_how, minutes) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const send = (headers: object, body: Buffer | string) => {
      const call = httpRequest(host.url + PATH, {
        method: 'POST',
        agent,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      });
      call.end(body);
      return answerTo(call);
    };
    try {
      for (const isReused of [false, true, true]) {
        const refused = await send(untimely(minutes), LONG);
        const code = 'webhook_signature_invalid';
        expect(refused).toMatchObject({ status: 401, isReused, json: { code } });
        const event = anEvent();
        const { secret: apiSecretKey, clock } = town().emulator;
        const { headers, body } = signWebhook({ apiSecretKey, event, now: clock.now() });
        const json = { handled: event.id };
        expect(await send(headers, body)).toMatchObject({ status: 200, isReused: true, json });
      }
    } finally {
      agent.destroy();
    }
  });

  function untimely(minutes: number | undefined): Readonly<Record<string, string>> {
    const time = town().emulator.clock.now() + (minutes ?? 0) * 60_000;
    return {
      'content-type': UNREAD,
      'x-signature-v2': minutes === undefined ? 'junk' : unsigned(time),
    };
  }
});

/** What a delivery of a given time says that nobody has signed. */
function unsigned(ms: number): string {
  return `t=${Math.floor(ms / 1_000)},v2=${'A'.repeat(43)}`;
}

async function answerTo(call: ClientRequest) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    call.on('response', resolve).on('error', reject);
  });
  const json: unknown = JSON.parse(await text(response));
  return { status: response.statusCode, isReused: call.reusedSocket, json };
}

@Injectable()
class Picky implements PipeTransform {
  transform(body: unknown): unknown {
    if (Object(body).data?.strange === true) {
      throw new BadRequestException();
    }
    return body;
  }
}

let work = new Deferred<object>();
let patience = new Deferred();
let begun = new Deferred();

/** For the next delivery to the slow handler. */
function beginWork(): void {
  work = new Deferred();
  patience = new Deferred();
  begun = new Deferred();
}

const SLOW = '/webhooks/slow';

class Impatience implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const scheduler = new VirtualTimeScheduler();
    void patience.promise.then(() => scheduler.flush());
    const tooLate = () => throwError(() => new BadRequestException());
    return next.handle().pipe(timeout({ each: 30_000, scheduler, with: tooLate }));
  }
}

/** A decorator as caches and tracers have it: another function, and nothing of the old one's metadata. */
function Replaced(): MethodDecorator {
  return (_target, _name, descriptor: PropertyDescriptor) => {
    const old = descriptor.value;
    descriptor.value = function (this: unknown, ...args: unknown[]) {
      return old.apply(this, args);
    };
  };
}

const runs = new Runs();

@Controller('webhooks')
class Webhooks {
  @Post('authsignal')
  @AuthsignalWebhook()
  receive(@WebhookEvent() event: AuthsignalEvent, @Body(Picky) _body: unknown) {
    runs.add(PATH);
    return { handled: event.id };
  }

  @Post('slow')
  @UseInterceptors(Impatience)
  @AuthsignalWebhook()
  async slow() {
    runs.add('slow');
    begun.resolve();
    return work.promise;
  }

  @Post('replaced')
  @Replaced()
  @AuthsignalWebhook()
  replaced() {
    runs.add('replaced');
    return { handled: true };
  }

  @Post('failing')
  @AuthsignalWebhook()
  failing(): object {
    throw new Error('out of paper');
  }

  @Post('calling')
  @AuthsignalWebhook()
  async calling() {
    return Promise.resolve(this.failing()).catch(() => ({ handled: 'otherwise' }));
  }

  @Get('open')
  open(@WebhookEvent() event: AuthsignalEvent) {
    return event;
  }
}

describe.each(NEST)('a webhook of %s', (platform) => {
  let host: Host;
  beforeAll(async () => {
    const module = { controllers: [Webhooks] };
    host = await startNest(platform, town(), { module, rawBody: true }, runs);
  });
  afterAll(() => host.close());

  it('gives an event back that a pipe refused', async () => {
    const customer = new Customer(host, town());
    const event = anEvent({ data: { strange: true } });
    const returned = town().ledger.next('webhook_returned');
    expect((await deliverQuietly(customer, { event })).status).toBe(400);
    await returned;
    const again = { event: { ...event, data: {} } };
    expect((await deliverQuietly(customer, again)).json).toEqual({ handled: event.id });
    expect(customer.runs).toBe(1);
  });

  it('keeps an event whose handler still runs when a timeout answers', async () => {
    const customer = new Customer(host, town());
    const delivery = { event: anEvent(), path: SLOW };
    await deliverTooSlowly(customer, delivery);
    expect((await deliverQuietly(customer, delivery)).text).toContain('duplicate');
    work.resolve({ handled: delivery.event.id });
    expect(customer.runs).toBe(1);
  });

  it('gives it back once the handler fails after all', async () => {
    const customer = new Customer(host, town());
    const delivery = { event: anEvent(), path: SLOW };
    await deliverTooSlowly(customer, delivery);
    const returned = town().ledger.next('webhook_returned');
    work.reject(new Error('out of paper'));
    await returned;
    beginWork();
    work.resolve({ handled: delivery.event.id });
    const { json } = await deliverQuietly(customer, delivery);
    expect(json).toEqual({ handled: delivery.event.id });
  });

  /** A timeout answers it while its handler still runs. */
  async function deliverTooSlowly(customer: Customer, delivery: Delivery): Promise<void> {
    beginWork();
    const answered = deliverQuietly(customer, delivery);
    await begun.promise;
    patience.resolve();
    expect((await answered).status).toBe(400);
  }

  it('stays guarded when another decorator puts a function in its place', async () => {
    const customer = new Customer(host, town());
    const path = '/webhooks/replaced';
    const unsigned = await deliverQuietly(customer, { path, key: 'the-key-of-somebody-else' });
    expect(unsigned.status).toBe(401);
    const event = anEvent();
    expect((await deliverQuietly(customer, { path, event })).status).toBe(200);
    expect((await deliverQuietly(customer, { path, event })).text).toContain('duplicate');
    expect(customer.runs).toBe(1);
  });

  it('keeps an event whose handler copes with the failure of another handler that it calls', async () => {
    const customer = new Customer(host, town());
    const path = '/webhooks/calling';
    const event = anEvent();
    const answer = await deliverQuietly(customer, { path, event });
    expect(answer.json).toEqual({ handled: 'otherwise' });
    expect((await deliverQuietly(customer, { path, event })).text).toContain('duplicate');
  });

  it('is needed for its parameter', async () => {
    const customer = new Customer(host, town());
    const answer = await customer.sendQuietly({ method: 'get', path: '/webhooks/open' });
    expect(answer.json).toMatchObject({ code: 'step_up_misconfigured' });
    expect(customer.logged).toContain('Put @AuthsignalWebhook() on the handler');
  });
});

describe.each(EXPRESS)('a webhook in a router on %s', (platform) => {
  it('knows its events again however its mount path is spelled', async () => {
    const gate = createStepUpGate(gateOptions(town()));
    const host = await startExpress(platform, town(), gate, (app, runs, library) => {
      const router = library.Router();
      router.post('/authsignal', authsignalWebhook(gate), (_req, res) => {
        runs.add('/webhooks');
        res.json({ handled: true });
      });
      app.use('/webhooks', router);
    });
    const customer = new Customer(host, town());
    const { headers, body } = signWebhook({
      apiSecretKey: town().emulator.secret,
      event: anEvent(),
      now: town().emulator.clock.now(),
    });
    const answers = [];
    for (const mount of ['/webhooks', '/Webhooks', '/WEBHOOKS']) {
      const answer = await fetch(`${host.url}${mount}/authsignal`, {
        method: 'POST',
        headers,
        body,
      });
      answers.push(await answer.json());
    }
    const duplicate = { received: true, duplicate: true };
    expect(answers).toEqual([{ handled: true }, duplicate, duplicate]);
    expect(customer.runs).toBe(1);
    await host.close();
  });
});

describe('at start', () => {
  const own = {
    authsignal: new FakeAuthsignal(),
    secret: 'a secret of sixteen or more',
    replayStore: new MemoryReplayStore(),
  };

  it('a gate without an API secret needs the keys', async () => {
    const gate = createStepUpGate({ ...own, subject: () => undefined });
    expect(() => authsignalWebhook(gate)).toThrow('give `apiSecretKeys: [...]`');
    expect(() => authsignalWebhook(gate, { apiSecretKeys: ['a-key'] })).not.toThrow();
    const module = { controllers: [Webhooks] };
    await expect(startNest('nest-express', town(), { options: own, module })).rejects.toMatchObject(
      { code: 'ERR_STEP_UP_OPTION' },
    );
  });

  it('two webhooks of a gate need names of their own', async () => {
    const gate = createStepUpGate({ ...own, subject: () => undefined });
    const keys = { apiSecretKeys: ['a-key'] };
    authsignalWebhook(gate, keys);
    expect(() => authsignalWebhook(gate, keys)).toThrow(
      'Two Authsignal webhooks are named "webhook"',
    );
    expect(() => authsignalWebhook(gate, { ...keys, name: 'mail' })).not.toThrow();
    const other = createStepUpGate({ ...own, subject: () => undefined });
    expect(() => authsignalWebhook(other, keys)).not.toThrow();
  });

  it('two classes of one name need names for their webhooks', async () => {
    const namesake = (path: string, name?: string) => {
      @Controller(path)
      class Namesake {
        @Post()
        @AuthsignalWebhook({ apiSecretKeys: ['a-key'], ...(name === undefined ? {} : { name }) })
        take() {
          return {};
        }
      }
      return Namesake;
    };
    const start = (controllers: Type[]) =>
      startNest('nest-express', town(), { options: own, module: { controllers } });
    await expect(start([namesake('billing'), namesake('mail')])).rejects.toMatchObject({
      code: 'ERR_STEP_UP_OPTION',
      message: expect.stringContaining('"Namesake.take"'),
    });
    const host = await start([namesake('billing'), namesake('mail', 'mail')]);
    await host.close();
  });

  it('a bad option of a decorator is told', async () => {
    @Controller()
    class Wrong {
      @Post()
      @AuthsignalWebhook({ toleranceMs: 0 })
      receive() {
        return undefined;
      }
    }
    await expect(
      startNest('nest-express', town(), { module: { controllers: [Wrong] } }),
    ).rejects.toThrow('The Authsignal webhook: `toleranceMs` must be');
  });

  it('a webhook that is an action, too, is refused', async () => {
    @Controller()
    @RequireAction('pay')
    class Both {
      @Post()
      @AuthsignalWebhook()
      receive() {
        return undefined;
      }
    }
    await expect(
      startNest('nest-express', town(), { module: { controllers: [Both] } }),
    ).rejects.toThrow('Both.receive has @AuthsignalWebhook and @RequireAction');
  });

  it('a handler that the constructor puts in its place is refused', async () => {
    @Controller()
    class Binding {
      constructor() {
        this.receive = this.receive.bind(this);
      }

      @Post()
      @AuthsignalWebhook()
      receive(): undefined {
        return undefined;
      }
    }
    await expect(
      startNest('nest-express', town(), { module: { controllers: [Binding] } }),
    ).rejects.toThrow('Binding.receive is guarded');
  });

  it('two decorators on one method are refused', () => {
    const target = { receive: () => undefined };
    const descriptor = Object.getOwnPropertyDescriptor(target, 'receive') ?? {};
    AuthsignalWebhook()(target, 'receive', descriptor);
    expect(() => AuthsignalWebhook()(target, 'receive', descriptor)).toThrow(
      'Two @AuthsignalWebhook on receive',
    );
  });
});
