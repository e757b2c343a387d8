import { randomUUID } from 'node:crypto';
import type { Approval } from 'authsignal-guard';
import type { BankDatabase } from './bank-database.js';
import type { CreatePaymentDto } from './create-payment.dto.js';

export interface Payment {
  readonly id: string;
  /** In minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly payee: string;
  readonly approvedBy: Approval['by'];
  /** ISO 8601. */
  readonly createdAt: string;
}

interface PaymentRow extends Omit<Payment, 'createdAt'> {
  readonly createdAt: number;
}

const COLUMNS = 'id, amount, currency, payee, approved_by AS approvedBy, created_at AS createdAt';

export class Payments {
  readonly #database: BankDatabase;
  readonly #now: () => number;

  constructor(database: BankDatabase, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  /**
   * `proofId` is unique in the database. The gate has used the proof up already; this also holds
   * when its replay store has forgotten, after a restart perhaps.
   *
   * @returns `undefined` if there is a payment for this proof.
   */
  add(userId: string, approval: Approval<CreatePaymentDto>): Payment | undefined {
    const { amount, currency, payee } = approval.body;
    const row = this.#database
      .prepare(
        `INSERT INTO payments
         VALUES (@id, @userId, @amount, @currency, @payee, @approvedBy, @proofId, @now)
         ON CONFLICT (proof_id) DO NOTHING
         RETURNING ${COLUMNS}`,
      )
      .get({
        id: randomUUID(),
        userId,
        amount,
        currency,
        payee,
        approvedBy: approval.by,
        proofId: approval.proofId ?? null,
        now: this.#now(),
      });
    return row === undefined ? undefined : paymentOf(row as PaymentRow);
  }

  /** Oldest first. */
  of(userId: string): readonly Payment[] {
    return this.#database
      .prepare(`SELECT ${COLUMNS} FROM payments WHERE user_id = ? ORDER BY rowid`)
      .all(userId)
      .map((row) => paymentOf(row as PaymentRow));
  }
}

function paymentOf(row: PaymentRow): Payment {
  const { id, amount, currency, payee, approvedBy, createdAt } = row;
  const created = new Date(createdAt).toISOString();
  return { id, amount, currency, payee, approvedBy, createdAt: created };
}
