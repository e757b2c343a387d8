import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Field, ObjectType, Query, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import type { StepUpProblem } from 'authsignal-guard';
import { RequireAction } from 'authsignal-guard/nest';
import { type Answer, Customer } from '../../support/customer.js';
import type { Host } from '../../support/host.js';
import { foundTown } from '../../support/scenarios.js';
import { ACTIONS } from '../gate/scenarios/payment.js';
import { breakLedger, graphqlBank, graphqlModule } from './graphql-bank.js';

const town = foundTown({ actions: ACTIONS });
let host: Host;
let customer: Customer;

beforeAll(async () => {
  host = await graphqlBank(town(), { circuitBreaker: false });
});
afterAll(() => host.close());
beforeEach(() => {
  customer = new Customer(host, town());
  breakLedger(false);
});

interface Asking {
  readonly proof?: string;
  readonly variables?: object;
  readonly as?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

interface GraphqlError {
  readonly message: string;
  readonly path: readonly (string | number)[];
  readonly extensions: Partial<StepUpProblem>;
}

interface GraphqlAnswer extends Answer {
  readonly data: Readonly<Record<string, unknown>>;
  readonly errors: readonly GraphqlError[];
}

function read(answer: Answer): GraphqlAnswer {
  const { data, errors } = answer.json as { data?: GraphqlAnswer['data']; errors?: GraphqlError[] };
  return { ...answer, data: data ?? {}, errors: errors ?? [] };
}

async function ask(query: string, asking: Asking = {}): Promise<GraphqlAnswer> {
  const { variables, ...more } = asking;
  return read(await customer.send({ path: '/graphql', body: { query, variables }, ...more }));
}

/** The problem of the field that was refused. */
function refusalOf({ errors }: GraphqlAnswer, field?: string): Partial<StepUpProblem> {
  const found = errors.find(({ path }) => field === undefined || path?.[0] === field);
  return found?.extensions ?? {};
}

async function proofFor(query: string, asking: Asking = {}): Promise<string> {
  const { challenge } = refusalOf(await ask(query, asking));
  town().ledger.token(String(challenge?.token));
  return customer.prove(String(challenge?.token));
}

const PAY = 'mutation { pay(amount: 5, payee: "ann") { by amount proofId } }';

describe('a guarded mutation', () => {
  it('is refused with the problem in `extensions`, then runs once with the proof', async () => {
    const first = await ask(PAY);
    // Apollo's own status: data and errors of several fields stand in one answer.
    expect(first.status).toBe(200);
    expect(first.errors).toHaveLength(1);
    const detail = 'Answer the challenge, then send the same request again with the proof.';
    expect(first.errors[0]).toMatchObject({ message: detail, path: ['pay'] });
    expect(refusalOf(first)).toEqual({
      type: 'urn:authsignal-guard:problem:step_up_required',
      title: 'Step-up required',
      status: 403,
      detail,
      code: 'step_up_required',
      action: 'createPayment',
      challenge: { token: expect.any(String), url: expect.any(String), methods: ['WHATSAPP'] },
      retry: { header: 'Step-Up-Proof' },
    });
    expect(customer.runs).toBe(0);
    const proof = await customer.prove(String(refusalOf(first).challenge?.token));
    const second = await ask(PAY, { proof });
    expect(second.errors).toEqual([]);
    expect(second.data.pay).toEqual({
      by: 'challenge',
      amount: 5,
      proofId: customer.event('proof_burned')?.proofId,
    });
    const third = await ask(PAY, { proof });
    expect(refusalOf(third)).toMatchObject({ status: 409, code: 'step_up_consumed' });
    expect(customer.runs).toBe(1);
    expect(customer.event('approved')).toMatchObject({
      transport: 'graphql',
      method: 'MUTATION',
      route: 'Mutation.pay',
    });
  });

  it('is bound to its arguments, wherever they stand', async () => {
    const proof = await proofFor(PAY);
    const changed = await ask(PAY.replace('5', '5000'), { proof });
    expect(refusalOf(changed)).toMatchObject({
      code: 'step_up_required',
      reason: 'binding_mismatch',
    });
    // The same values as variables, in another document, by another name and through a fragment.
    const same = await ask(
      `mutation Later($n: Int!, $to: String!) { ...Paying }
       fragment Paying on Mutation { mine: pay(payee: $to, amount: $n) { by } }`,
      { proof, variables: { n: 5, to: 'ann' } },
    );
    expect(same.data.mine).toEqual({ by: 'challenge' });
    expect(customer.runs).toBe(1);
  });

  it('takes no proof of another field, nor of another user', async () => {
    const proof = await proofFor(PAY);
    const refund = await ask(PAY.replace('pay(', 'refund('), { proof });
    expect(refusalOf(refund)).toMatchObject({ reason: 'binding_mismatch' });
    const thief = new Customer(host, town());
    const stolen = await ask(PAY, { proof, as: thief.id });
    expect(refusalOf(stolen)).toMatchObject({ code: 'step_up_required', reason: 'proof_invalid' });
    expect(customer.runs).toBe(0);
  });

  it('runs once for 50 retries at the same time', async () => {
    const proof = await proofFor(PAY);
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(PAY, { proof })));
    const codes = answers.map((answer) => refusalOf(answer).code ?? 'ran');
    expect(codes.filter((code) => code === 'ran')).toHaveLength(1);
    expect(codes.filter((code) => code === 'step_up_consumed')).toHaveLength(49);
    expect(customer.runs).toBe(1);
  });

  it('gets the DTO that was validated and bound', async () => {
    const query = (amount: number) =>
      `mutation { checked(amount: ${amount}, currency: "NZD", payee: "ann") { by amount } }`;
    expect(refusalOf(await ask(query(0)))).toMatchObject({
      status: 400,
      code: 'request_invalid',
      errors: [{ pointer: '#/amount' }],
    });
    const proof = await proofFor(query(7));
    expect((await ask(query(7), { proof })).data.checked).toEqual({ by: 'challenge', amount: 7 });
    expect(host.runs.of('raw')).toBe(0);
  });

  it('gives the proof back when it fails', async () => {
    const query = 'mutation { fragile { by } }';
    const proof = await proofFor(query);
    breakLedger(true);
    const failed = await ask(query, { proof });
    expect(failed.errors[0]).toMatchObject({ message: 'the ledger is shut' });
    expect(customer.eventTypes).toContain('proof_returned');
    breakLedger(false);
    expect((await ask(query, { proof })).data.fragile).toEqual({ by: 'challenge' });
    expect(refusalOf(await ask(query, { proof }))).toMatchObject({ code: 'step_up_consumed' });
  });

  it('is let through where the policy only observes', async () => {
    const answer = await ask('mutation { watched { by } }');
    expect(answer.data.watched).toEqual({ by: 'observed' });
    expect(customer.event('would_refuse')).toMatchObject({ code: 'step_up_required' });
  });

  it('needs somebody who is signed in, and an Authsignal that answers', async () => {
    expect(refusalOf(await ask(PAY, { as: null }))).toMatchObject({
      status: 401,
      code: 'step_up_unauthenticated',
    });
    const proof = await proofFor(PAY);
    customer.emulator.faults.add({ kind: 'status', status: 500 });
    for (const asking of [{}, { proof }]) {
      expect(refusalOf(await ask(PAY, asking))).toMatchObject({
        status: 503,
        code: 'step_up_unavailable',
      });
    }
    customer.emulator.faults.clear();
    expect((await ask(PAY, { proof })).data.pay).toMatchObject({ by: 'challenge' });
  });

  it('is evaluated behind the other guards of the method', async () => {
    const query = 'mutation { late { by } }';
    const late = { as: null, headers: { 'x-late-user': customer.id } };
    const proof = await proofFor(query, late);
    expect((await ask(query, { ...late, proof })).data.late).toEqual({ by: 'challenge' });
  });
});

describe('a resolver that is one for each request', () => {
  it('guards its fields', async () => {
    const query = 'mutation { own { by amount } }';
    const proof = await proofFor(query);
    // The first was made for the request that was refused.
    expect((await ask(query, { proof })).data.own).toEqual({ by: 'challenge', amount: 2 });
    expect(refusalOf(await ask(query, { proof }))).toMatchObject({ code: 'step_up_consumed' });
  });
});

describe('a class', () => {
  it('guards its resolvers, and a method goes over it', async () => {
    const close = 'mutation { close { by } }';
    const refused = await ask(close);
    expect(refusalOf(refused)).toMatchObject({ action: 'closeAccount' });
    const proof = await customer.prove(String(refusalOf(refused).challenge?.token));
    expect((await ask(close, { proof })).data.close).toEqual({ by: 'challenge' });
    expect(refusalOf(await ask('mutation { seize { by } }'))).toMatchObject({
      code: 'step_up_blocked',
      action: 'blockedAction',
    });
    expect(customer.runs).toBe(1);
  });
});

describe('several fields of one request', () => {
  const both = `mutation {
    pay(amount: 5, payee: "ann") { by }
    refund(amount: 5, payee: "ann") { by }
  }`;

  it('are two evaluations with two approvals', async () => {
    const first = await ask(both);
    expect(first.errors.map(({ path }) => path)).toEqual([['pay'], ['refund']]);
    const tokens = first.errors.map(({ extensions }) => extensions.challenge?.token);
    expect(new Set(tokens).size).toBe(2);
    const proof = await customer.prove(String(tokens[1]));
    const second = await ask(both.replaceAll('pay(', 'paid: pay('), { proof });
    expect(refusalOf(second, 'paid')).toMatchObject({
      code: 'step_up_required',
      reason: 'binding_mismatch',
    });
    expect(host.runs.of('refund')).toBe(1);
    expect(customer.runs).toBe(1);
  });

  it('run beside fields that nothing guards', async () => {
    const answer = await ask('{ motto statement(amount: 1) { by } }');
    expect(answer.data).toEqual({ motto: 'open to all', statement: null });
    expect(refusalOf(answer, 'statement')).toMatchObject({ code: 'step_up_required' });
    expect((await ask('{ motto }')).data).toEqual({ motto: 'open to all' });
    const introspection = await ask('{ __schema { mutationType { name } } __typename }');
    expect(introspection.data).toMatchObject({ __schema: { mutationType: { name: 'Mutation' } } });
    expect(customer.eventTypes.filter((type) => type === 'refused')).toHaveLength(1);
  });

  it('burn one proof once when they are aliases of the same', async () => {
    const twice =
      'mutation { a: pay(amount: 5, payee: "ann") { by } b: pay(amount: 5, payee: "ann") { by } }';
    const proof = await proofFor(PAY);
    const answer = await ask(twice, { proof });
    expect(answer.errors).toHaveLength(1);
    expect(refusalOf(answer)).toMatchObject({ code: 'step_up_consumed' });
    expect(customer.runs).toBe(1);
    const parallel = '{ a: statement(amount: 1) { by } b: statement(amount: 1) { by } }';
    const other = await proofFor('{ statement(amount: 1) { by } }');
    expect((await ask(parallel, { proof: other })).errors).toHaveLength(1);
    expect(customer.runs).toBe(2);
  });

  it('are told apart in a batch', async () => {
    const proof = await proofFor(PAY);
    const body = [{ query: PAY }, { query: PAY.replace('pay(', 'refund(') }];
    const { text } = await customer.send({ path: '/graphql', body, proof });
    const [paid, refunded]: readonly unknown[] = JSON.parse(text);
    expect(paid).toMatchObject({ data: { pay: { by: 'challenge' } } });
    expect(refunded).toMatchObject({ errors: [{ extensions: { reason: 'binding_mismatch' } }] });
    expect(customer.runs).toBe(1);
  });
});

describe('a query', () => {
  const query = '{ statement(amount: 3) { by } }';

  it('counts by GET as by POST', async () => {
    const proof = await proofFor(query);
    const path = `/graphql?query=${encodeURIComponent(query)}`;
    const headers = { 'apollo-require-preflight': 'yes' };
    const get = { method: 'get', path, headers } as const;
    expect(refusalOf(read(await customer.send(get)))).toMatchObject({ code: 'step_up_required' });
    const answer = read(await customer.send({ ...get, proof }));
    expect(answer.data.statement).toEqual([{ by: 'challenge' }]);
  });

  it('counts by its hash as by its text', async () => {
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const proof = await proofFor(query);
    const changed = { query, extensions };
    // The first registers it, and is refused for want of a proof.
    expect(refusalOf(read(await customer.send({ path: '/graphql', body: changed })))).toMatchObject(
      {
        code: 'step_up_required',
      },
    );
    const answer = read(await customer.send({ path: '/graphql', body: { extensions }, proof }));
    expect(answer.data.statement).toEqual([{ by: 'challenge' }]);
  });
});

describe('a field', () => {
  const query = (id: string) => `{ accounts(ids: ["${id}"]) { id iban } }`;

  it('is bound to its parent', async () => {
    const proof = await proofFor(query('one'));
    const other = await ask(query('two'), { proof });
    expect(other.errors[0]).toMatchObject({
      path: ['accounts', 0, 'iban'],
      extensions: { code: 'step_up_required', reason: 'binding_mismatch' },
    });
    const answer = await ask(query('one'), { proof });
    expect(answer.data.accounts).toEqual([{ id: 'one', iban: 'one challenge' }]);
    expect(customer.event('approved')).toMatchObject({ method: 'QUERY', route: 'Account.iban' });
  });

  it('is evaluated for each parent', async () => {
    const proof = await proofFor(query('one'));
    const many = await ask('{ accounts(ids: ["one", "two", "three"]) { id iban } }', { proof });
    expect(many.errors.map(({ path }) => path)).toEqual([
      ['accounts', 1, 'iban'],
      ['accounts', 2, 'iban'],
    ]);
    expect(customer.runs).toBe(1);
  });
});

describe('what GraphQL would run without a gate', () => {
  @ObjectType()
  class Vault {
    @Field()
    id!: string;
  }
  @Resolver(() => Vault)
  class Vaults {
    @Query(() => Vault)
    vault(): Vault {
      return { id: 'one' };
    }
  }
  @Resolver(() => Vault)
  class Fields extends Vaults {
    @ResolveField(() => String)
    @RequireAction('closeAccount', { bind: () => 'all' })
    code(): string {
      return 'secret';
    }
  }
  @Resolver(() => Vault)
  class Unbound extends Vaults {
    @ResolveField(() => String)
    @RequireAction('closeAccount')
    code(): string {
      return 'secret';
    }
  }
  @Resolver(() => Vault)
  class Subscribing extends Vaults {
    @Subscription(() => Vault)
    @RequireAction('closeAccount')
    opened(): unknown {
      return undefined;
    }
  }
  @RequireAction('closeAccount')
  class Plain {
    run(): string {
      return 'ran';
    }
  }

  it.each([
    ['fields without guards', [Fields], 'fieldResolverEnhancers: ["guards"]'],
    ['fields of which nothing is bound', [Unbound], 'Unbound.code resolves a field'],
    ['subscriptions', [Subscribing], 'Subscribing.opened has a @RequireAction'],
    ['classes that nobody serves', [Vaults, Plain], '@RequireAction guards nothing on Plain'],
    [
      'what a factory makes',
      [{ provide: 'vaults', useFactory: () => new Fields() }],
      'Fields has @RequireAction, but a factory or a value provides it',
    ],
  ])('is refused at start: %s', async (_name, providers, message) => {
    const imports = [graphqlModule({ fieldResolverEnhancers: [] })];
    const starting = graphqlBank(town(), {}, { imports, providers });
    await expect(starting).rejects.toThrow(message);
  });

  it('is refused at run: an approval that nobody gave', async () => {
    const answer = await ask('{ unguarded }');
    expect(refusalOf(answer)).toMatchObject({ status: 500, code: 'step_up_misconfigured' });
    expect(answer.errors[0]?.message).not.toContain('Approved');
    expect(customer.logged).toContain('@Approved() in PaymentsResolver.unguarded');
  });
});

describe('what the requests left behind', () => {
  it('holds no secret, no number, no code and no token', () => {
    town().ledger.expectNothingLeaked();
  });
});
