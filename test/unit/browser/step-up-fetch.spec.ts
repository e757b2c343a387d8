import { describe, expect, it } from '@jest/globals';
import {
  createStepUpFetch,
  StepUpCancelledError,
  type StepUpChallenge,
  StepUpFetchError,
  type StepUpFetchOptions,
  StepUpLoopError,
  type StepUpPrompt,
} from 'authsignal-guard/browser';
import { Deferred } from '../../support/deferred.js';
import { openPage, pageOrigin } from './page.js';
import { settled, underWay } from './settled.js';

const URL_OF_PAYMENTS = 'https://bank.test/payments';
const OFFER = { token: 'challenge-token', url: 'https://ui.test/?token=x', methods: ['WHATSAPP'] };

function problem(more: object = {}): object {
  return {
    code: 'step_up_required',
    action: 'pay',
    challenge: OFFER,
    retry: { header: 'Step-Up-Proof' },
    ...more,
  };
}

function refusal(
  body: object | string,
  type = 'application/problem+json; charset=utf-8',
): Response {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = new Response(text, { status: 403, headers: { 'content-type': type } });
  const clone = answer.clone.bind(answer);
  return Object.assign(answer, {
    clone: () => {
      const copy = clone();
      const json = copy.json.bind(copy);
      return Object.assign(copy, { json: () => underWay(json()) });
    },
  });
}

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly proof: string | null;
  readonly headers: Headers;
  readonly body: string;
}

type Answering = (sent: Sent, request: Request) => Response | Promise<Response>;

/** A server in place of the network: each request is made real, read and answered. */
class Network {
  readonly sent: Sent[] = [];
  readonly #answering: Answering;

  constructor(answering: Answering) {
    this.#answering = answering;
  }

  readonly fetch = (input: string | URL | Request, init?: RequestInit): Promise<Response> =>
    underWay(this.#send(input, init));

  async #send(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    const { url, method, headers, signal } = request;
    if (signal.aborted) {
      throw signal.reason;
    }
    const proof = headers.get('step-up-proof');
    const sent = { url, method, proof, headers, body: await request.text() };
    this.sent.push(sent);
    return this.#answering(sent, request);
  }

  get proofs(): readonly (string | null)[] {
    return this.sent.map(({ proof }) => proof);
  }
}

const guarded: Answering = ({ proof }) =>
  proof === null ? refusal(problem()) : new Response('paid');

function client(
  answering: Answering,
  challenge: StepUpChallenge = () => 'proof',
  more: Partial<StepUpFetchOptions> = {},
) {
  const network = new Network(answering);
  return { network, fetch: createStepUpFetch({ challenge, fetch: network.fetch, ...more }) };
}

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => {
      throw new Error('It did not fail.');
    },
    (error: unknown) => error,
  );

/** A user who answers when the test says so. */
class User {
  readonly prompts: {
    readonly prompt: StepUpPrompt;
    readonly answer: Deferred<string | undefined>;
  }[] = [];
  open = 0;
  mostOpen = 0;

  readonly challenge: StepUpChallenge = async (prompt) => {
    const answer = new Deferred<string | undefined>();
    this.prompts.push({ prompt, answer });
    this.open += 1;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    try {
      return await answer.promise;
    } finally {
      this.open -= 1;
    }
  };

  async answers(index: number, proof: string | undefined): Promise<void> {
    this.prompts[index]?.answer.resolve(proof);
    await settled();
  }
}

describe('createStepUpFetch', () => {
  it('asks for a proof and sends the same request once more', async () => {
    const prompts: StepUpPrompt[] = [];
    const { network, fetch } = client(guarded, (prompt) => {
      prompts.push(prompt);
      return Promise.resolve('proof-1');
    });
    const answer = await fetch(URL_OF_PAYMENTS, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'x-own': '1' },
      body: '{"amount":5}',
    });
    expect(await answer.text()).toBe('paid');
    expect(prompts).toEqual([{ action: 'pay', challenge: OFFER, signal: expect.any(AbortSignal) }]);
    expect(network.proofs).toEqual([null, 'proof-1']);
    for (const { url, method, body, headers } of network.sent) {
      expect({ url, method, body }).toEqual({
        url: URL_OF_PAYMENTS,
        method: 'PUT',
        body: '{"amount":5}',
      });
      expect(headers.get('content-type')).toBe('application/json');
      expect(headers.get('x-own')).toBe('1');
    }
  });

  it.each([
    ['the header that the server names', { retry: { header: 'X-Proof' } }, {}, 'x-proof'],
    ['the header of the option', { retry: { header: 'X-Proof' } }, { header: 'X-Mine' }, 'x-mine'],
    ['the usual header where none is named', { retry: undefined }, {}, 'step-up-proof'],
  ])('sends the proof in %s', async (_name, more, options, header) => {
    const { network, fetch } = client(
      ({ headers }) => (headers.has(header) ? new Response('paid') : refusal(problem(more))),
      () => 'proof',
      options,
    );
    expect((await fetch(URL_OF_PAYMENTS)).status).toBe(200);
    expect(network.sent[1]?.headers.get(header)).toBe('proof');
  });

  it("uses the page's own fetch, as it is at the time of the call", async () => {
    const own = globalThis.fetch;
    const network = new Network(guarded);
    const fetch = createStepUpFetch({ challenge: () => 'proof' });
    globalThis.fetch = network.fetch;
    try {
      expect(await (await fetch(new URL(URL_OF_PAYMENTS))).text()).toBe('paid');
    } finally {
      globalThis.fetch = own;
    }
    expect(network.proofs).toEqual([null, 'proof']);
  });

  it('resolves a relative address once, though the page moves on while the user is asked', async () => {
    openPage('/accounts/1/');
    const own = globalThis.fetch;
    const network = new Network(guarded);
    const fetch = createStepUpFetch({
      challenge: () => {
        openPage('/accounts/2/');
        return 'proof';
      },
    });
    globalThis.fetch = network.fetch;
    try {
      await fetch('transfer?to=a%20b');
    } finally {
      globalThis.fetch = own;
    }
    const url = `${pageOrigin()}/accounts/1/transfer?to=a%20b`;
    expect(network.sent.map((sent) => sent.url)).toEqual([url, url]);
  });

  it('leaves the address as it was given to a fetch of your own', async () => {
    const given: unknown[] = [];
    const fetch = createStepUpFetch({
      challenge: () => 'proof',
      fetch: async (input) => {
        given.push(input);
        return given.length === 1 ? refusal(problem()) : new Response('paid');
      },
    });
    await fetch('payments');
    expect(given).toEqual(['payments', 'payments']);
  });

  it('says how to do it when it was put in the place of the fetch that it would call', async () => {
    const own = globalThis.fetch;
    globalThis.fetch = createStepUpFetch({ challenge: () => 'proof' });
    try {
      expect(await failureOf(globalThis.fetch(URL_OF_PAYMENTS))).toMatchObject({
        code: 'ERR_STEP_UP_OPTION',
        message: expect.stringContaining('fetch: window.fetch.bind(window)'),
      });
    } finally {
      globalThis.fetch = own;
    }
  });

  it('may be put there if it is told what was there before', async () => {
    const own = globalThis.fetch;
    const network = new Network(guarded);
    globalThis.fetch = createStepUpFetch({ challenge: () => 'proof', fetch: network.fetch });
    try {
      expect((await globalThis.fetch(URL_OF_PAYMENTS)).status).toBe(200);
    } finally {
      globalThis.fetch = own;
    }
  });

  it.each([
    ['no challenge', {}],
    ['a header that is none', { challenge: () => 'x', header: 'a b' }],
  ])('refuses %s', (_name, options) => {
    const make = () => createStepUpFetch(options as StepUpFetchOptions);
    expect(make).toThrow(StepUpFetchError);
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_STEP_UP_OPTION' }));
  });
});

describe('any other answer', () => {
  const untouchable = (answer: Response): Response => {
    const clone = (): never => {
      throw new Error('cloned');
    };
    return Object.defineProperty(answer, 'clone', { value: clone });
  };

  it.each([
    ['a success', () => new Response('{}')],
    [
      'a problem of another status',
      () =>
        new Response('{}', {
          status: 409,
          headers: { 'content-type': 'application/problem+json' },
        }),
    ],
    ['a 403 of another type', () => refusal(problem(), 'application/json')],
    [
      'a 403 of a type that only begins alike',
      () => refusal(problem(), 'application/problem+json-seq'),
    ],
    ['a 403 without a type', () => new Response(null, { status: 403 })],
    [
      'a challenge of another request, to which this one was redirected',
      () => Object.defineProperty(refusal(problem()), 'redirected', { value: true }),
    ],
  ])('is the very object, neither read nor cloned: %s', async (_name, make) => {
    const answer = untouchable(make());
    const { network, fetch } = client(() => answer);
    expect(await fetch(URL_OF_PAYMENTS)).toBe(answer);
    expect(answer.bodyUsed).toBe(false);
    expect(network.sent).toHaveLength(1);
  });

  it.each<[string, object | string]>([
    ['another code', { ...problem(), code: 'step_up_blocked' }],
    ['no action', problem({ action: 1 })],
    ['no challenge', problem({ challenge: null })],
    ['no token', problem({ challenge: { ...OFFER, token: undefined } })],
    ['no url', problem({ challenge: { ...OFFER, url: 5 } })],
    ['a url that is a script', problem({ challenge: { ...OFFER, url: 'javascript:alert(1)//' } })],
    [
      'a url that hides a script',
      problem({ challenge: { ...OFFER, url: ' javascript:alert("https://ui.test")' } }),
    ],
    ['a url of the page itself', problem({ challenge: { ...OFFER, url: '/?token=x' } })],
    ['no methods', problem({ challenge: { ...OFFER, methods: 'WHATSAPP' } })],
    ['methods of another type', problem({ challenge: { ...OFFER, methods: [1] } })],
    ['a header that is none', problem({ retry: { header: 'a: b' } })],
    ['null', 'null'],
    ['a list', '[]'],
    ['no JSON', '<html>'],
    ['nothing', ''],
  ])('that is a problem with %s can still be read whole', async (_name, body) => {
    const answer = refusal(body);
    const { fetch } = client(() => answer);
    const given = await fetch(URL_OF_PAYMENTS);
    expect(given).toBe(answer);
    expect(await given.text()).toBe(typeof body === 'string' ? body : JSON.stringify(body));
  });

  it('is not touched after a proof either', async () => {
    const consumed = untouchable(new Response('{}', { status: 409 }));
    const { fetch } = client(({ proof }) => (proof === null ? refusal(problem()) : consumed));
    expect(await fetch(URL_OF_PAYMENTS)).toBe(consumed);
  });

  it('may be a failure of the network, which is told as it is', async () => {
    const failure = new TypeError('fetch failed');
    const { fetch } = client(() => Promise.reject(failure));
    expect(await failureOf(fetch(URL_OF_PAYMENTS))).toBe(failure);
  });
});

describe('bodies', () => {
  const form = (): FormData => {
    const made = new FormData();
    made.append('amount', '5');
    made.append('scan', new Blob(['pdf']), 'scan.pdf');
    return made;
  };
  const bytes = new TextEncoder().encode('12345678');

  /** The boundary of a form is another one in each request. */
  function withoutBoundary({ headers, body }: Pick<Sent, 'headers' | 'body'>) {
    const type = headers.get('content-type');
    const boundary = type?.split('boundary=')[1];
    const without = (text: string) =>
      boundary === undefined ? text : text.replaceAll(boundary, '');
    return { type: type && without(type), body: without(body) };
  }

  it.each<[string, () => RequestInit['body']]>([
    ['a string', () => 'amount=5'],
    ['URLSearchParams', () => new URLSearchParams({ amount: '5' })],
    ['FormData', form],
    ['a Blob', () => new Blob(['amount'], { type: 'text/x' })],
    ['an ArrayBuffer', () => bytes.slice().buffer],
    ['a view', () => bytes.subarray(2, 5)],
    ['a DataView', () => new DataView(bytes.buffer, 1, 3)],
    ['null', () => null],
    ['undefined', () => undefined],
  ])('are sent twice alike: %s', async (_name, body) => {
    const { network, fetch } = client(guarded);
    const init: RequestInit = { method: 'POST' };
    const given = body();
    await fetch(URL_OF_PAYMENTS, given === undefined ? init : { ...init, body: given });
    const [first, second] = network.sent.map(withoutBoundary);
    expect(second).toEqual(first);
    const plain = new Request(URL_OF_PAYMENTS, { method: 'POST', body: body() ?? null });
    const expected = { headers: plain.headers, body: await plain.text() };
    expect(first).toEqual(withoutBoundary(expected));
  });

  it('are sent as they were, whatever their maker changed in the meantime', async () => {
    const search = new URLSearchParams({ amount: '5' });
    const data = form();
    const buffer = bytes.slice();
    const headers = new Headers({ 'x-own': '1' });
    const user = new User();
    const { network, fetch } = client(guarded, user.challenge);
    const answers = [search, data, buffer].map((body, index) =>
      fetch(`${URL_OF_PAYMENTS}/${index}`, { method: 'POST', headers, body }),
    );
    search.set('amount', '500');
    data.set('amount', '500');
    buffer.fill(0);
    headers.set('x-own', '2');
    await settled();
    for (const index of [0, 1, 2]) {
      await user.answers(index, 'proof');
    }
    await Promise.all(answers);
    const proven = network.sent
      .filter(({ proof }) => proof !== null)
      .toSorted((one, other) => one.url.localeCompare(other.url));
    expect(proven.map(({ body }) => body)).toEqual([
      'amount=5',
      expect.stringMatching(/name="amount"\s+5\s/),
      '12345678',
    ]);
    expect(proven.map((sent) => sent.headers.get('x-own'))).toEqual(['1', '1', '1']);
  });

  it.each<[string, () => RequestInit]>([
    ['a stream', () => ({ body: new Blob(['x']).stream(), duplex: 'half' }) as RequestInit],
    [
      'an iterable',
      () =>
        ({
          body: (async function* () {
            yield bytes;
          })(),
          duplex: 'half',
        }) as RequestInit,
    ],
  ])('that can be sent only once are refused before anything is sent: %s', async (_name, init) => {
    const { network, fetch } = client(guarded);
    const error = await failureOf(fetch(URL_OF_PAYMENTS, { method: 'POST', ...init() }));
    expect(error).toBeInstanceOf(StepUpFetchError);
    expect(error).toMatchObject({
      code: 'ERR_STEP_UP_BODY',
      message: expect.stringContaining('Blob'),
    });
    expect(network.sent).toEqual([]);
  });
});

describe('a Request', () => {
  const request = (): Request =>
    new Request(URL_OF_PAYMENTS, { method: 'POST', body: 'amount=5', headers: { 'x-own': '1' } });

  it('is cloned for each sending and stays unread', async () => {
    const given = request();
    const { network, fetch } = client(guarded);
    expect(await (await fetch(given)).text()).toBe('paid');
    expect(given.bodyUsed).toBe(false);
    expect(given.headers.has('step-up-proof')).toBe(false);
    expect(network.sent).toMatchObject([
      { method: 'POST', body: 'amount=5', proof: null },
      { method: 'POST', body: 'amount=5', proof: 'proof' },
    ]);
    expect(network.sent[1]?.headers.get('x-own')).toBe('1');
  });

  it('may have its stream: a clone keeps what was read', async () => {
    const init = { method: 'POST', body: new Blob(['abc']).stream(), duplex: 'half' };
    const { network, fetch } = client(guarded);
    await fetch(new Request(URL_OF_PAYMENTS, init as RequestInit));
    expect(network.sent.map(({ body }) => body)).toEqual(['abc', 'abc']);
  });

  it.each<[string, RequestInit, object]>([
    ['a method and a body', { method: 'PUT', body: 'x' }, { method: 'PUT', body: 'x', own: '1' }],
    ['headers', { headers: { 'x-own': '2' } }, { method: 'POST', body: 'amount=5', own: '2' }],
  ])('is overridden by %s of init, in both sendings', async (_name, init, expected) => {
    const { network, fetch } = client(guarded);
    await fetch(request(), init);
    const [first, second] = network.sent.map(({ method, body, headers }) => ({
      method,
      body,
      own: headers.get('x-own'),
    }));
    expect([first, second]).toEqual([expected, expected]);
    expect(network.proofs).toEqual([null, 'proof']);
  });

  it('may be the init: what it says counts, but for its address', async () => {
    const { network, fetch } = client(guarded);
    const headers = { 'x-own': '1' };
    const init = new Request('https://other.test/', { method: 'DELETE', headers });
    await fetch(URL_OF_PAYMENTS, init);
    expect(network.sent).toMatchObject([
      { url: URL_OF_PAYMENTS, method: 'DELETE', proof: null },
      { url: URL_OF_PAYMENTS, method: 'DELETE', proof: 'proof' },
    ]);
    expect(network.sent.map((sent) => sent.headers.get('x-own'))).toEqual(['1', '1']);
  });

  it('that was read already is refused before anything is sent', async () => {
    const given = request();
    await given.text();
    const { network, fetch } = client(guarded);
    expect(await failureOf(fetch(given))).toMatchObject({ name: 'TypeError' });
    expect(network.sent).toEqual([]);
  });
});

describe('rounds', () => {
  const always =
    (...reasons: (string | undefined)[]): Answering =>
    ({ proof }) =>
      refusal(problem({ reason: proof === null ? reasons[0] : reasons[Number(proof)] }));

  it.each(['proof_expired', 'binding_mismatch'])('there is one more for %s', async (reason) => {
    const reasons: unknown[] = [];
    const { network, fetch } = client(
      ({ proof }) =>
        proof === '2' ? new Response('paid') : refusal(problem(proof === null ? {} : { reason })),
      (prompt) => {
        reasons.push(prompt.reason);
        return String(reasons.length);
      },
    );
    expect((await fetch(URL_OF_PAYMENTS)).status).toBe(200);
    expect(reasons).toEqual([undefined, reason]);
    expect(network.proofs).toEqual([null, '1', '2']);
  });

  it.each([
    ['after the second', ['proof_expired', 'proof_expired', 'proof_expired'], 3, 'proof_expired'],
    ['for a proof that is none', [undefined, 'proof_invalid'], 2, 'proof_invalid'],
    ['for a challenge left open', [undefined, 'challenge_pending'], 2, 'challenge_pending'],
    ['for another method', [undefined, 'method_not_allowed'], 2, 'method_not_allowed'],
    ['for a reason nobody knows', [undefined, 'new_reason'], 2, undefined],
    ['for no reason', [undefined, undefined], 2, undefined],
  ])('end %s', async (_name, reasons, requests, reason) => {
    let prompts = 0;
    const { network, fetch } = client(always(...reasons), () => {
      prompts += 1;
      return String(prompts);
    });
    const error = await failureOf(fetch(URL_OF_PAYMENTS));
    expect(error).toBeInstanceOf(StepUpLoopError);
    expect(error).toMatchObject({
      code: 'ERR_STEP_UP_LOOP',
      name: 'StepUpLoopError',
      action: 'pay',
    });
    expect(Object(error).reason).toBe(reason);
    expect(network.sent).toHaveLength(requests);
  });
});

describe('a user who gives up', () => {
  it.each<[string, StepUpChallenge]>([
    ['undefined', () => undefined],
    ['nothing', () => ''],
    ['null', () => Object(null).none ?? JSON.parse('null')],
    ['the error', () => Promise.reject(new StepUpCancelledError())],
    [
      'the error, at once',
      () => {
        throw new StepUpCancelledError();
      },
    ],
  ])('is told by %s', async (_name, challenge) => {
    const { network, fetch } = client(guarded, challenge);
    const error = await failureOf(fetch(URL_OF_PAYMENTS));
    expect(error).toBeInstanceOf(StepUpCancelledError);
    expect(error).toMatchObject({ code: 'ERR_STEP_UP_CANCELLED', name: 'StepUpCancelledError' });
    expect(network.sent).toHaveLength(1);
  });

  it('is not blamed for a challenge that fails', async () => {
    const failure = new Error('no element to show it in');
    const { fetch } = client(guarded, () => Promise.reject(failure));
    expect(await failureOf(fetch(URL_OF_PAYMENTS))).toBe(failure);
  });
});

describe('parallel refusals', () => {
  it('of one action prompt one after another, each for a challenge of its own', async () => {
    const user = new User();
    let tokens = 0;
    const { network, fetch } = client(({ proof }) => {
      tokens += 1;
      const challenge = { ...OFFER, token: `token-${tokens}` };
      return proof === null ? refusal(problem({ challenge })) : new Response(proof);
    }, user.challenge);
    const answers = ['a', 'b', 'c'].map((body) => fetch(URL_OF_PAYMENTS, { method: 'POST', body }));
    await settled();
    for (const index of [0, 1, 2]) {
      expect(user.prompts).toHaveLength(index + 1);
      await user.answers(index, `proof-${index}`);
    }
    const texts = await Promise.all(answers.map(async (answer) => (await answer).text()));
    expect(texts).toEqual(['proof-0', 'proof-1', 'proof-2']);
    expect(user.mostOpen).toBe(1);
    const shown = user.prompts.map(({ prompt }) => prompt.challenge.token);
    expect(shown[0]).toBe('token-1');
    expect(shown.some((token) => token === 'token-2' || token === 'token-3')).toBe(false);
    expect(
      network.sent
        .map(({ body }) => body)
        .toSorted()
        .join(''),
    ).toBe('aabbbccc');
  });

  it('of two actions prompt for each', async () => {
    const user = new User();
    const { fetch } = client(({ url, proof }) => {
      const action = url.slice(-1);
      return proof === null ? refusal(problem({ action })) : new Response(action);
    }, user.challenge);
    const answers = ['x', 'y'].map((action) => fetch(`https://bank.test/${action}`));
    await settled();
    expect(user.prompts.map(({ prompt }) => prompt.action)).toEqual(['x', 'y']);
    await user.answers(1, 'proof');
    await user.answers(0, 'proof');
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('that waited are spared a prompt if the server no longer asks', async () => {
    const user = new User();
    let asks = true;
    const { network, fetch } = client(
      () => (asks ? refusal(problem()) : new Response('allowed')),
      user.challenge,
    );
    const answers = [fetch(URL_OF_PAYMENTS), fetch(URL_OF_PAYMENTS)];
    await settled();
    asks = false;
    await user.answers(0, 'proof');
    const texts = await Promise.all(answers.map(async (answer) => (await answer).text()));
    expect(texts).toEqual(['allowed', 'allowed']);
    expect(network.proofs.filter((proof) => proof !== null)).toEqual(['proof']);
    expect(network.sent).toHaveLength(4);
    expect(user.prompts).toHaveLength(1);
  });

  it('that waited and are now of another action prompt in the line of that', async () => {
    const user = new User();
    let action = 'pay';
    const { fetch } = client(
      ({ proof }) => (proof === null ? refusal(problem({ action })) : new Response('paid')),
      user.challenge,
    );
    const answers = [fetch(URL_OF_PAYMENTS), fetch(URL_OF_PAYMENTS)];
    await settled();
    action = 'payMuch';
    await user.answers(0, 'proof');
    await user.answers(1, 'proof');
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
    expect(user.prompts.map(({ prompt }) => prompt.action)).toEqual(['pay', 'payMuch']);
  });

  it('go on after one failed', async () => {
    const user = new User();
    const { fetch } = client(guarded, user.challenge);
    const [first, second] = [fetch(URL_OF_PAYMENTS), fetch(URL_OF_PAYMENTS)];
    const failure = failureOf(first);
    await settled();
    user.prompts[0]?.answer.reject(new Error('broken'));
    expect(await failure).toMatchObject({ message: 'broken' });
    await settled();
    await user.answers(1, 'proof');
    expect((await second).status).toBe(200);
  });

  it.each<[string, (user: User) => void]>([
    ['closing it', (user) => user.prompts[0]?.answer.resolve(undefined)],
    ['the error', (user) => user.prompts[0]?.answer.reject(new StepUpCancelledError())],
  ])('that wait are given up with the prompt that they wait for, by %s', async (_name, cancel) => {
    const user = new User();
    const { network, fetch } = client(({ url, proof }) => {
      const action = url === URL_OF_PAYMENTS ? 'pay' : 'close';
      return proof === null ? refusal(problem({ action })) : new Response('done');
    }, user.challenge);
    const payments = [1, 2, 3, 4, 5, 6].map(() => failureOf(fetch(URL_OF_PAYMENTS)));
    const closings = [1, 2].map(() => fetch('https://bank.test/close'));
    await settled();
    cancel(user);
    for (const error of await Promise.all(payments)) {
      expect(error).toBeInstanceOf(StepUpCancelledError);
    }
    expect(network.sent).toHaveLength(8);
    await user.answers(1, 'proof');
    await user.answers(2, 'proof');
    expect((await Promise.all(closings)).map(({ status }) => status)).toEqual([200, 200]);
    expect(user.prompts.map(({ prompt }) => prompt.action)).toEqual(['pay', 'close', 'close']);
  });

  it('that come after a prompt was cancelled prompt anew', async () => {
    const user = new User();
    const { fetch } = client(guarded, user.challenge);
    const failure = failureOf(fetch(URL_OF_PAYMENTS));
    await settled();
    await user.answers(0, undefined);
    expect(await failure).toBeInstanceOf(StepUpCancelledError);
    const again = [fetch(URL_OF_PAYMENTS), fetch(URL_OF_PAYMENTS)];
    await settled();
    await user.answers(1, 'proof');
    await user.answers(2, 'proof');
    expect((await Promise.all(again)).map(({ status }) => status)).toEqual([200, 200]);
  });
});

describe('AbortSignal', () => {
  const reason = new Error('the user left the page');

  it('is handed to the prompt, ends it at once, and keeps its reason', async () => {
    const user = new User();
    const { network, fetch } = client(guarded, user.challenge);
    const controller = new AbortController();
    const failure = failureOf(fetch(URL_OF_PAYMENTS, { signal: controller.signal }));
    await settled();
    expect(user.prompts[0]?.prompt.signal).toBe(controller.signal);
    controller.abort(reason);
    expect(await failure).toBe(reason);
    await user.answers(0, 'too late');
    expect(network.sent).toHaveLength(1);
  });

  it('is the one of the Request, unless init takes it away', async () => {
    const user = new User();
    const { fetch } = client(guarded, user.challenge);
    const controller = new AbortController();
    const request = new Request(URL_OF_PAYMENTS, { signal: controller.signal });
    const failure = failureOf(fetch(request));
    const without = fetch(request, { signal: null });
    await settled();
    controller.abort(reason);
    expect(await failure).toBe(reason);
    await user.answers(0, undefined);
    await user.answers(1, 'proof');
    expect((await without).status).toBe(200);
  });

  it('ends the waiting, without a prompt or a request of its own', async () => {
    const user = new User();
    const { network, fetch } = client(guarded, user.challenge);
    const controller = new AbortController();
    const first = fetch(URL_OF_PAYMENTS);
    const failure = failureOf(fetch(URL_OF_PAYMENTS, { signal: controller.signal }));
    await settled();
    controller.abort(reason);
    expect(await failure).toBe(reason);
    await user.answers(0, 'proof');
    expect((await first).status).toBe(200);
    expect(user.prompts).toHaveLength(1);
    expect(network.sent).toHaveLength(3);
  });

  it('lets the next prompt open only when the aborted one is closed', async () => {
    const user = new User();
    const { fetch } = client(guarded, user.challenge);
    const controller = new AbortController();
    const failure = failureOf(fetch(URL_OF_PAYMENTS, { signal: controller.signal }));
    const second = fetch(URL_OF_PAYMENTS);
    await settled();
    controller.abort(reason);
    expect(await failure).toBe(reason);
    await settled();
    expect(user.prompts).toHaveLength(1);
    await user.answers(0, undefined);
    await user.answers(1, 'proof');
    expect((await second).status).toBe(200);
    expect(user.mostOpen).toBe(1);
  });

  it('wins over what the challenge itself says of the abort', async () => {
    const controller = new AbortController();
    const { fetch } = client(guarded, async () => {
      controller.abort(reason);
      throw new StepUpCancelledError();
    });
    expect(await failureOf(fetch(URL_OF_PAYMENTS, { signal: controller.signal }))).toBe(reason);
  });

  it('that aborted while the refusal was read asks nobody', async () => {
    const user = new User();
    const controller = new AbortController();
    const { fetch } = client(() => {
      controller.abort(reason);
      return refusal(problem());
    }, user.challenge);
    expect(await failureOf(fetch(URL_OF_PAYMENTS, { signal: controller.signal }))).toBe(reason);
    expect(user.prompts).toEqual([]);
  });

  it('that aborted before is told by fetch', async () => {
    const { network, fetch } = client(guarded);
    expect(await failureOf(fetch(URL_OF_PAYMENTS, { signal: AbortSignal.abort(reason) }))).toBe(
      reason,
    );
    expect(network.sent).toEqual([]);
  });

  it('of a browser that keeps no reason is an AbortError', async () => {
    const user = new User();
    const { fetch } = client(guarded, user.challenge);
    const controller = new AbortController();
    const { signal } = controller;
    const failure = failureOf(fetch(URL_OF_PAYMENTS, { signal }));
    await settled();
    Object.defineProperty(signal, 'reason', { value: undefined });
    controller.abort();
    expect(await failure).toMatchObject({ name: 'AbortError' });
    await user.answers(0, undefined);
  });
});
