import { afterEach, describe, expect, it, jest } from '@jest/globals';
import {
  type CodePrompt,
  challengeByRedirect,
  challengeInPopup,
  challengeWithWhatsApp,
  createStepUpFetch,
  proofFromReturn,
  StepUpCancelledError,
  StepUpChallengeError,
  type StepUpPrompt,
  type WhatsAppSdk,
} from 'authsignal-guard/browser';
import { Deferred } from '../../support/deferred.js';
import { address, openPage, pageHistory, pageOrigin, showPage } from './page.js';
import { settled } from './settled.js';

function prompt(more: Partial<StepUpPrompt> = {}): StepUpPrompt {
  const challenge = { token: 'challenge-token', url: 'https://ui.test/?token=x', methods: [] };
  return { action: 'pay', challenge, signal: new AbortController().signal, ...more };
}

const failureOf = (work: unknown): Promise<unknown> =>
  Promise.resolve(work).then(
    () => {
      throw new Error('It did not fail.');
    },
    (error: unknown) => error,
  );

type Verified = Awaited<ReturnType<WhatsAppSdk['whatsapp']['verify']>>;
type Sent = Awaited<ReturnType<WhatsAppSdk['whatsapp']['challenge']>>;

/** Answers as the Web SDK does, and writes down with which token. */
function sdk(verified: readonly (Verified | Error)[], sent: readonly (Sent | Error)[] = []) {
  const calls: string[] = [];
  let token = 'none';
  const next = async <T>(answers: readonly (T | Error)[], index: number, usual: T): Promise<T> => {
    const answer = answers[index] ?? usual;
    if (answer instanceof Error) {
      throw answer;
    }
    return answer;
  };
  const count = (kind: string): number => calls.filter((call) => call.startsWith(kind)).length;
  const authsignal: WhatsAppSdk = {
    setToken: (given) => {
      token = given;
    },
    whatsapp: {
      challenge: () => {
        calls.push(`challenge ${token}`);
        return next(sent, count('challenge') - 1, { data: { challengeId: 'c' } });
      },
      verify: ({ code }) => {
        calls.push(`verify ${code} ${token}`);
        return next(verified, count('verify') - 1, { data: { isVerified: true, token: 'proof' } });
      },
    },
  };
  return { authsignal, calls };
}

describe('challengeWithWhatsApp', () => {
  const wrong: Verified = { data: { isVerified: false, failureReason: 'CODE_INVALID_OR_EXPIRED' } };

  it('sends the code, asks for it and returns the proof', async () => {
    const { authsignal, calls } = sdk([]);
    const asked: CodePrompt[] = [];
    const ask = (given: CodePrompt) => {
      asked.push(given);
      return '123456';
    };
    const given = prompt({ reason: 'proof_expired' });
    expect(await challengeWithWhatsApp({ authsignal, ask })(given)).toBe('proof');
    expect(asked).toEqual([
      {
        action: 'pay',
        reason: 'proof_expired',
        signal: given.signal,
        resend: expect.any(Function),
      },
    ]);
    expect(calls).toEqual(['challenge challenge-token', 'verify 123456 challenge-token']);
  });

  it('asks again with the reason until the code counts', async () => {
    const { authsignal } = sdk([
      wrong,
      { error: 'Slow down', errorCode: 'too_many_requests' },
      new TypeError('fetch failed'),
      { data: JSON.parse('{"message":"Internal server error"}') },
    ]);
    const errors: (string | undefined)[] = [];
    const ask = async ({ error }: CodePrompt) => {
      errors.push(error);
      return 'typed';
    };
    expect(await challengeWithWhatsApp({ authsignal, ask })(prompt())).toBe('proof');
    expect(errors).toEqual([
      undefined,
      'CODE_INVALID_OR_EXPIRED',
      'too_many_requests',
      'network_error',
      'unexpected_answer',
    ]);
  });

  it('takes the token of the challenge where the answer brings none', async () => {
    const { authsignal } = sdk([{ data: { isVerified: true } }]);
    const challenge = challengeWithWhatsApp({ authsignal, ask: () => '1' });
    expect(await challenge(prompt())).toBe('challenge-token');
  });

  it.each([undefined, ''])('is given up with %j', async (typed) => {
    const { authsignal, calls } = sdk([]);
    const challenge = challengeWithWhatsApp({ authsignal, ask: () => typed });
    expect(await challenge(prompt())).toBeUndefined();
    expect(calls).toHaveLength(1);
  });

  it('sends again, with its own token though the page has used another, and tells why not', async () => {
    const limited = { error: 'Too many', errorCode: 'too_many_requests' };
    const { authsignal, calls } = sdk(
      [],
      [{ data: { challengeId: 'c' } }, { data: { challengeId: 'c' } }, limited],
    );
    let failure: unknown;
    const ask = async ({ resend }: CodePrompt) => {
      authsignal.setToken('of something else');
      await resend();
      failure = await failureOf(resend());
      authsignal.setToken('of something else');
      return '1';
    };
    expect(await challengeWithWhatsApp({ authsignal, ask })(prompt())).toBe('proof');
    expect(calls.filter((call) => call === 'challenge challenge-token')).toHaveLength(3);
    expect(calls.at(-1)).toBe('verify 1 challenge-token');
    expect(failure).toBeInstanceOf(StepUpChallengeError);
    expect(failure).toMatchObject({ reason: 'too_many_requests', message: 'Too many' });
  });

  it.each<[string, Sent | Error]>([
    ['expired_token', { error: 'The token has expired.', errorCode: 'expired_token' }],
    ['network_error', new SyntaxError('no JSON')],
    ['unexpected_answer', { data: JSON.parse('{"message":"Internal server error"}') }],
  ])('fails with %s if no message could be sent', async (reason, answer) => {
    const { authsignal } = sdk([], [answer]);
    const ask = jest.fn(() => '1');
    const error = await failureOf(challengeWithWhatsApp({ authsignal, ask })(prompt()));
    expect(error).toMatchObject({
      code: 'ERR_STEP_UP_CHALLENGE',
      name: 'StepUpChallengeError',
      reason,
    });
    expect(ask).not.toHaveBeenCalled();
  });

  it('fails when the challenge has expired under the typing', async () => {
    const { authsignal } = sdk([{ error: 'The token has expired.', errorCode: 'expired_token' }]);
    const challenge = challengeWithWhatsApp({ authsignal, ask: () => '1' });
    expect(await failureOf(challenge(prompt()))).toMatchObject({
      reason: 'expired_token',
      message: 'The token has expired.',
    });
  });

  it('sends nothing where WhatsApp does not count', async () => {
    const { authsignal, calls } = sdk([]);
    const challenge = challengeWithWhatsApp({ authsignal, ask: () => '1' });
    const offer = { ...prompt().challenge, methods: ['PASSKEY'] };
    expect(await failureOf(challenge(prompt({ challenge: offer })))).toMatchObject({
      reason: 'method_not_allowed',
    });
    expect(calls).toEqual([]);
    const both = { ...offer, methods: ['PASSKEY', 'WHATSAPP'] };
    expect(await challenge(prompt({ challenge: both }))).toBe('proof');
  });

  it('verifies nothing after an abort, and asks nothing', async () => {
    const reason = new Error('gone');
    const controller = new AbortController();
    const { signal } = controller;
    const { authsignal, calls } = sdk([]);
    const challenge = challengeWithWhatsApp({
      authsignal,
      ask: () => {
        controller.abort(reason);
        return '1';
      },
    });
    expect(await failureOf(challenge(prompt({ signal })))).toBe(reason);
    expect(await failureOf(challenge(prompt({ signal })))).toBe(reason);
    expect(calls).toEqual(['challenge challenge-token']);
  });
});

describe('the prompts of a page', () => {
  it('open one at a time, of whatever action or kind', async () => {
    const { authsignal, calls } = sdk([]);
    const typed = new Deferred<string>();
    const closed = new Deferred<{ token?: string }>();
    const launch = jest.fn(() => closed.promise);
    const first = challengeWithWhatsApp({ authsignal, ask: () => typed.promise })(prompt());
    const second = challengeInPopup({ launch })(prompt({ action: 'close' }));
    const third = challengeWithWhatsApp({ authsignal, ask: () => '2' })(prompt());
    await settled();
    expect([calls.length, launch.mock.calls.length]).toEqual([1, 0]);
    typed.resolve('1');
    expect(await first).toBe('proof');
    await settled();
    expect([calls.length, launch.mock.calls.length]).toEqual([2, 1]);
    closed.resolve({ token: 'of the popup' });
    expect(await second).toBe('of the popup');
    expect(await third).toBe('proof');
  });
});

describe('a redirect and another prompt', () => {
  it('are never begun together', async () => {
    const launch = jest.fn();
    const closed = new Deferred<{ token?: string }>();
    const first = challengeInPopup({ launch: () => closed.promise })(prompt());
    const leaving = [1, 2].map(() => {
      const controller = new AbortController();
      const { signal } = controller;
      const failure = failureOf(challengeByRedirect({ launch })(prompt({ signal })));
      return { controller, failure };
    });
    await settled();
    expect(launch).not.toHaveBeenCalled();
    closed.resolve({ token: 'proof' });
    expect(await first).toBe('proof');
    for (const [index, { controller, failure }] of leaving.entries()) {
      await settled();
      expect(launch).toHaveBeenCalledTimes(index + 1);
      controller.abort(new Error('gone'));
      expect(await failure).toMatchObject({ message: 'gone' });
    }
  });
});

describe('challengeInPopup', () => {
  it('launches the pre-built UI and returns its token', async () => {
    const launch = jest.fn(async () => ({ token: 'proof' }));
    expect(await challengeInPopup({ launch })(prompt())).toBe('proof');
    expect(await challengeInPopup({ launch }, { width: '400px' })(prompt())).toBe('proof');
    const options = { mode: 'popup', onError: expect.any(Function) };
    expect(launch.mock.calls).toEqual([
      ['https://ui.test/?token=x', options],
      ['https://ui.test/?token=x', { ...options, popupOptions: { width: '400px' } }],
    ]);
  });

  it('is given up when the user closes it', async () => {
    const launch = async () => ({ token: undefined });
    const refusal = { code: 'step_up_required', action: 'pay', challenge: prompt().challenge };
    const fetch = createStepUpFetch({
      challenge: challengeInPopup({ launch }),
      fetch: async () =>
        new Response(JSON.stringify(refusal), {
          status: 403,
          headers: { 'content-type': 'application/problem+json' },
        }),
    });
    expect(await failureOf(fetch('https://bank.test/'))).toBeInstanceOf(StepUpCancelledError);
  });

  it.each([
    [{ errorCode: 'expired_token' }, 'expired_token'],
    [{}, 'unexpected_answer'],
  ])('tells the error %j that it showed', async (shown, reason) => {
    const challenge = challengeInPopup({
      launch: async (_url, { onError }) => {
        onError?.(shown);
        return {};
      },
    });
    expect(await failureOf(challenge(prompt()))).toMatchObject({ reason });
  });

  it.each([
    [{ errorCode: 'invalid_request', statusCode: 400 }, undefined],
    [{ errorCode: 'too_many_requests', statusCode: 429 }, undefined],
    [{ errorCode: 'unauthorized', statusCode: 401 }, 'unauthorized'],
    [{ errorCode: 'expired_token', statusCode: 400 }, 'expired_token'],
    [{ errorCode: 'internal_error', statusCode: 500 }, 'internal_error'],
  ])('that is closed after %j ended by it: %s', async (shown, reason) => {
    const challenge = challengeInPopup({
      launch: async (_url, { onError }) => {
        onError?.(shown);
        return {};
      },
    });
    const ending = await Promise.resolve(challenge(prompt())).catch((error: unknown) => error);
    expect(Object(ending).reason).toBe(reason);
    expect(ending === undefined).toBe(reason === undefined);
  });

  it('forgives an error after which the user succeeded', async () => {
    const challenge = challengeInPopup({
      launch: async (_url, { onError }) => {
        onError?.({ errorCode: 'too_many_requests' });
        return { token: 'proof' };
      },
    });
    expect(await challenge(prompt())).toBe('proof');
  });
});

describe('a redirect', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('leaves the page, and coming back to it as it was is giving up', async () => {
    const launch = jest.fn();
    const failure = failureOf(challengeByRedirect({ launch })(prompt()));
    expect(launch.mock.calls).toEqual([['https://ui.test/?token=x', { mode: 'redirect' }]]);
    let over = false;
    failure.finally(() => {
      over = true;
    });
    showPage(false);
    await settled();
    expect(over).toBe(false);
    showPage(true);
    expect(await failure).toBeInstanceOf(StepUpCancelledError);
  });

  it('that is aborted is told so', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const failure = failureOf(challengeByRedirect({ launch: jest.fn() })(prompt({ signal })));
    controller.abort(new Error('gone'));
    expect(await failure).toMatchObject({ message: 'gone' });
  });

  it('brings the proof back once, off the address bar', () => {
    openPage('/pay?to=ann&token=proof-1#form', { scroll: 5 });
    expect(proofFromReturn()).toBe('proof-1');
    expect(address()).toBe('/pay?to=ann#form');
    expect(pageHistory().state).toEqual({ scroll: 5 });
    expect(proofFromReturn()).toBeUndefined();
  });

  it.each([
    ['//pay?token=proof-1', '//pay'],
    ['/?token=proof-1', '/'],
    ['/pay?open&to=a%20b&token=proof-1&x=%5B#a?b', '/pay?open&to=a%20b&x=%5B#a?b'],
    ['/pay?token=proof-1&token=proof-2', '/pay'],
  ])('leaves all else of the address as it was: %s', (path, left) => {
    openPage(path);
    expect(proofFromReturn()).toBe('proof-1');
    expect(address()).toBe(left);
  });

  it('brings none: the address stays, or loses an empty token', () => {
    openPage('/pay?to=ann', { scroll: 5 });
    const replaceState = jest.spyOn(pageHistory(), 'replaceState');
    expect(proofFromReturn()).toBeUndefined();
    expect(replaceState).not.toHaveBeenCalled();
    openPage('/pay?token=', { scroll: 5 });
    expect(proofFromReturn()).toBeUndefined();
    expect(address()).toBe('/pay');
  });

  it('may be looked for in an address that was kept', () => {
    openPage('/pay?token=proof-1');
    const kept = `${pageOrigin()}/pay?token=proof-1`;
    openPage('/elsewhere');
    expect(proofFromReturn(kept)).toBe('proof-1');
    expect(address()).toBe('/pay');
  });
});
