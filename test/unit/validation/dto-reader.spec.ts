import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Transform, Type } from 'class-transformer';
import {
  IsInt,
  IsOptional,
  IsString,
  Length,
  Min,
  ValidateNested,
  validate,
} from 'class-validator';
import fc from 'fast-check';
import type { DtoClass } from '../../../src/core/policy.js';
import { createStepUpGate } from '../../../src/create-step-up-gate.js';
import { MemoryReplayStore } from '../../../src/replay/memory-replay-store.js';
import { FakeAuthsignal } from '../../../src/testing/index.js';
import { dtoReader, fieldsOf } from '../../../src/validation/dto-reader.js';

class Payee {
  @IsString()
  @Length(2, 20)
  name!: string;
}

class Item {
  @IsInt()
  @Min(1)
  amount!: number;
}

class PaymentDto {
  @IsInt({ message: 'amount must be whole cents' })
  @Min(1)
  amount!: number;

  @Transform(({ value }) => (typeof value === 'string' ? value.toUpperCase() : value))
  @Length(3, 3)
  currency!: string;

  @ValidateNested()
  @Type(() => Payee)
  payee!: Payee;

  @IsOptional()
  @ValidateNested({ each: true })
  @Type(() => Item)
  items?: Item[];
}

class Bare {}

class Untyped {
  @ValidateNested()
  payee!: object;
}

const valid = { amount: 100, currency: 'nzd', payee: { name: 'bob' } };

async function issuesOf(dto: DtoClass<object>, raw: unknown): Promise<unknown> {
  try {
    await dtoReader(dto)(raw);
  } catch (error) {
    return Reflect.get(Object(error), 'issues');
  }
  return 'valid';
}

describe('dtoReader', () => {
  it('makes an instance with what the class declares, transformed', async () => {
    const body = await dtoReader(PaymentDto)({
      ...valid,
      admin: true,
      payee: { name: 'bob', iban: 'x' },
      items: [{ amount: 1, note: 'y' }],
    });
    expect(body).toBeInstanceOf(PaymentDto);
    expect(body.payee).toBeInstanceOf(Payee);
    expect(body.items?.[0]).toBeInstanceOf(Item);
    expect(JSON.parse(JSON.stringify(body))).toEqual({
      amount: 100,
      currency: 'NZD',
      payee: { name: 'bob' },
      items: [{ amount: 1 }],
    });
  });

  it('leaves what it was given as it was', async () => {
    const raw = {
      ...valid,
      payee: { name: 'bob', iban: 'x' },
      items: [{ amount: 1 }],
      admin: true,
    };
    const before = structuredClone(raw);
    const body = await dtoReader(PaymentDto)(raw);
    body.payee.name = 'eve';
    expect(raw).toEqual(before);
  });

  it('takes no value of another type for the right one', async () => {
    expect(await issuesOf(PaymentDto, { ...valid, amount: '100' })).toMatchObject([
      { path: ['amount'] },
      { path: ['amount'] },
    ]);
  });

  it('names every field that is not valid, however deep', async () => {
    const raw = {
      amount: 0.5,
      currency: 'nz',
      payee: { name: 'b' },
      items: [{ amount: 1 }, { amount: 0 }],
    };
    expect(await issuesOf(PaymentDto, raw)).toEqual([
      { path: ['amount'], message: expect.stringMatching(/must not be less than 1/) },
      { path: ['amount'], message: 'amount must be whole cents' },
      { path: ['currency'], message: expect.stringMatching(/longer than or equal to 3/) },
      { path: ['payee', 'name'], message: expect.stringMatching(/longer than or equal to 2/) },
      { path: ['items', '1', 'amount'], message: expect.stringMatching(/must not be less than 1/) },
    ]);
    expect(await issuesOf(PaymentDto, {})).toMatchObject([
      { path: ['amount'] },
      { path: ['amount'] },
      { path: ['currency'] },
    ]);
  });

  it.each([undefined, null, '{}', 7, true, [], [valid], () => valid])(
    'takes no %p for an object',
    async (raw) => {
      expect(await issuesOf(PaymentDto, raw)).toEqual([{ path: [], message: 'must be an object' }]);
    },
  );

  it('accepts nothing under a class without rules, and points at it', async () => {
    const pathsOf = async (dto: DtoClass<object>, raw: unknown) =>
      JSON.stringify(await issuesOf(dto, raw), ['path', 'message']);
    const message = 'an unknown value was passed to the validate function';
    expect(await pathsOf(Bare, valid)).toBe(JSON.stringify([{ path: [], message }]));
    expect(await pathsOf(Untyped, { payee: { name: 'bob' } })).toBe(
      JSON.stringify([{ path: ['payee'], message }]),
    );
  });

  it('gives nothing on that is not of the class', async () => {
    class Odd {
      constructor() {
        Object.setPrototypeOf(this, null);
      }
    }
    await expect(dtoReader(Odd)({})).rejects.toThrow(/Odd could not be made from the body/);
  });

  it('tells the errors of others as fields of a refusal', async () => {
    const payment = Object.assign(new PaymentDto(), valid, {
      payee: Object.assign(new Payee(), { name: 'b' }),
    });
    expect(fieldsOf(await validate(payment))).toEqual([
      { pointer: '#/payee/name', detail: expect.stringMatching(/longer than or equal to 2/) },
    ]);
    expect(fieldsOf(await validate(new Bare(), { forbidUnknownValues: true }))).toEqual([
      { pointer: '#', detail: expect.stringMatching(/unknown value/) },
    ]);
  });

  it('is not led to another prototype by the body', async () => {
    const raw: unknown = JSON.parse(
      '{"__proto__":{"amount":1},"constructor":{"name":"x"},"amount":5,"currency":"NZD","payee":{"name":"bob"}}',
    );
    const body = await dtoReader(PaymentDto)(raw);
    expect(Object.getPrototypeOf(body)).toBe(PaymentDto.prototype);
    expect(Object.keys(body).toSorted()).toEqual(['amount', 'currency', 'items', 'payee']);
    expect(body.amount).toBe(5);
  });

  it('ends for any JSON in a body or in issues', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (text) => {
        const issues = await issuesOf(PaymentDto, JSON.parse(text));
        expect(Array.isArray(issues) && issues.length > 0).toBe(true);
      }),
    );
  });

  it('speaks JSON pointers through the gate, and leaves the body of the request alone', async () => {
    const gate = createStepUpGate({
      authsignal: new FakeAuthsignal(),
      secret: 'key-material-of-the-tests',
      subject: () => 'alice',
      replayStore: new MemoryReplayStore(),
    });
    const policy = {
      action: 'pay',
      body: PaymentDto,
      bind: ({ body }: { body: PaymentDto }) => body.amount,
    };
    const request = {
      transport: 'http',
      method: 'POST',
      path: '/pay',
      route: '/pay',
      params: {},
      query: {},
      headers: {},
      bodyState: 'read',
      ip: undefined,
      raw: {},
    } as const;
    const refused = await gate.evaluate(
      { ...request, body: { ...valid, items: [{ amount: 0 }] } },
      policy,
    );
    expect(refused).toMatchObject({ kind: 'invalid', errors: [{ pointer: '#/items/0/amount' }] });
    const body = { ...valid, admin: true };
    const { body: read, bound } = await gate.require({ ...request, body }, policy);
    expect(read).toBeInstanceOf(PaymentDto);
    expect(read).toEqual({
      amount: 100,
      currency: 'NZD',
      payee: { name: 'bob' },
      items: undefined,
    });
    expect(bound).toBe(100);
    expect(body).toEqual({ ...valid, admin: true });
  });
});
