import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { SignJWT, UnsecuredJWT } from 'jose';
import { Application, NO_SEND_LIMITS } from '../../support/application.js';
import { type Bank, guarded } from '../../support/bank.js';
import { Customer } from '../../support/customer.js';
import { flowHost } from '../../support/flow-host.js';
import type { Host, Platform, Town } from '../../support/host.js';
import { Hosts } from '../../support/hosts.js';
import { NumberOwner } from '../../support/number-owner.js';
import { PATH } from '../../support/sender.js';
import { webhookHost } from '../../support/webhook-host.js';
import { IDS, isSendable } from './words.js';

class LineDto {
  @IsString()
  label!: string;

  @IsInt()
  share!: number;
}

class PaymentDto {
  @IsString()
  @MaxLength(64)
  to!: string;

  @IsInt()
  @Min(1)
  amount!: number;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => LineDto)
  lines!: LineDto[];

  @IsOptional()
  @IsString()
  note?: string;
}

/** Who a request comes from, by the index that it names: ids that no header could carry are among them. */
export const USERS: readonly string[] = [...IDS, 'mallory', 'not-enrolled'];

const subjectOf = (id: unknown): string | undefined => {
  const [, index] = /^h(\d+)$/.exec(String(id)) ?? [];
  return index === undefined ? String(id ?? '') : USERS[Number(index)];
};

const options: NonNullable<Bank['options']> = () => ({
  subject: ({ raw }) => subjectOf(raw.user?.id),
});

const bank: Bank = {
  options,
  routes: [
    guarded('post', '/default', 'pay'),
    guarded('post', '/dto', 'pay', { body: PaymentDto }),
    guarded('post', '/bind', 'pay', {
      // As applications write it: without a thought of what else the body may be.
      bind: ({ body }) => ({ to: Reflect.get(Object(body), 'to'), amount: amountOf(body) }),
    }),
    guarded('all', '/accounts/:id/close', 'pay', {
      bind: ({ params }) => ({ id: String(params.id) }),
    }),
    guarded('get', '/search', 'pay'),
    guarded('post', '/opening', 'pay', { whenUnavailable: 'allow' }),
  ],
};

function amountOf(body: unknown): number {
  const { amount } = body as { readonly amount: number };
  return amount;
}

/** How many messages may leave, whatever is asked for. */
export const MOST_TO_A_NUMBER = 2;
export const MOST_IN_ALL = 60;
const DAY = 86_400_000;

export const PLATFORMS = ['express-5', 'nest-fastify'] as const;
export type HostilePlatform = (typeof PLATFORMS)[number];

/** Two applications on two platforms, honest customers who use them, and what was stolen from those. */
export class HostileWorld {
  readonly app = new Application();
  readonly #hosts: Hosts;
  readonly #town: Town;
  readonly #flows = flowHost({
    flows: this.app.flows({
      limits: {
        ...NO_SEND_LIMITS,
        number: [{ max: MOST_TO_A_NUMBER, windowMs: DAY }],
        budget: [{ max: MOST_IN_ALL, windowMs: DAY }],
      },
    }),
    options: () => ({ subject: ({ raw }) => subjectOf(raw.user?.id) }),
  });

  /** What the handler of the webhook got: tenant and id. */
  readonly received: string[] = [];
  readonly #webhook = webhookHost({
    routes: { [PATH]: {} },
    handle: (event) => {
      this.received.push('records' in event ? event.id : `${event.tenantId} ${event.id}`);
      return {};
    },
  });

  constructor(town: Town) {
    this.#town = town;
    this.#hosts = new Hosts(town);
    for (const id of [...IDS.filter(isSendable), 'mallory']) {
      town.emulator.users.enroll(id, { phoneNumber: '+64219000000' });
      // Enough for the gate to be asked; another number of theirs needs a proof.
      this.app.records.set(`h${USERS.indexOf(id)}`, '+64219000001');
    }
  }

  webhook(platform: Platform): Promise<Host> {
    return this.#hosts.of(this.#webhook, platform);
  }

  bank(platform: Platform): Promise<Host> {
    return this.#hosts.of(bank, platform);
  }

  flows(platform: Platform): Promise<Host> {
    return this.#hosts.of(this.#flows, platform);
  }

  async customerAt(host: Promise<Host>, given: { readonly enrolled?: boolean } = {}) {
    return new Customer(await host, this.#town, given);
  }

  /** Tokens that are good for something else, or were, or never were. */
  async stolenTokens(foreign: Town['emulator']): Promise<readonly string[]> {
    const { secret } = this.#town.emulator;
    const tokens: string[] = [];
    for (const platform of PLATFORMS) {
      const victim = await this.customerAt(this.bank(platform));
      const paid = { path: '/default', body: { victim: victim.id } };
      tokens.push(await victim.proofFor(paid), await victim.challenge(paid));
      const mallory = new Customer(await this.bank(platform), this.#town, {
        id: `h${USERS.indexOf('mallory')}`,
        enrolled: false,
      });
      const own = { path: '/default', body: { only: 'this' } };
      tokens.push(await mallory.prove(await mallory.challenge(own), '+64219000000'));
    }
    const claims = { sub: 'mallory', userId: 'mallory', actionCode: 'pay', scope: 'x' };
    const key = new TextEncoder().encode(secret);
    const signed = (expires: string) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setExpirationTime(expires);
    foreign.users.enroll('mallory', { phoneNumber: '+64219000000' });
    return [
      ...tokens,
      await signed('-1h').sign(key),
      await signed('1h').sign(key),
      await signed('1h').sign(new TextEncoder().encode(foreign.secret)),
      new UnsecuredJWT(claims).encode(),
    ];
  }

  /** Handles of honest people's flows, one of each kind on each platform. */
  async stolenHandles(): Promise<readonly string[]> {
    const handles: string[] = [];
    for (const platform of PLATFORMS) {
      for (const flow of ['sign-in', 'enrollment', 'phone-number'] as const) {
        const enrolled = flow === 'phone-number';
        const customer = await this.customerAt(this.flows(platform), { enrolled });
        const { handle, phone } = await new NumberOwner(customer, this.app).begin(flow);
        this.#town.ledger.secret(this.#town.emulator.inbox.latest(phone)?.code ?? phone);
        handles.push(handle);
      }
    }
    return handles;
  }

  async runs(): Promise<number> {
    const hosts = await Promise.all(PLATFORMS.map((platform) => this.bank(platform)));
    return hosts.reduce((sum, host) => sum + host.runs.total, 0);
  }

  close(): Promise<void> {
    return this.#hosts.close();
  }
}
