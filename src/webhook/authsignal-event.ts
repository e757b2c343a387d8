/** The types that Authsignal documents. Others arrive as they are. */
export type AuthsignalEventType =
  | 'authenticator.created'
  | 'authenticator.updated'
  | 'authenticator.deleted'
  | 'action.verify'
  | 'sms.created'
  | 'email.created'
  | 'push.created'
  | 'action.log_created'
  | 'challenge.log_created';

/** What Authsignal sent, parsed and signed; its fields are to be checked by whoever reads them. */
export type AuthsignalEventData = Readonly<Record<string, unknown>>;

interface Envelope<Type extends string> {
  /** Unique to the event; the same in each delivery of it. 200 characters at most. */
  readonly id: string;
  readonly type: Type;
  readonly version: number;
  /** `https://authsignal.com`. */
  readonly source: string;
  /** ISO 8601. */
  readonly time: string;
  readonly tenantId: string;
  readonly data: AuthsignalEventData;
}

/** An event of a type that is documented, told apart by `type`. */
export type KnownAuthsignalEvent = {
  [Type in AuthsignalEventType]: Envelope<Type>;
}[AuthsignalEventType];

/** One of a type that came later. */
export type OtherAuthsignalEvent = Envelope<string>;

/**
 * Up to 500 log events in one delivery, which has no envelope of its own. Each record has; the same one may come again
 * in another batch, so tell them apart by their own ids.
 */
export interface AuthsignalLogBatch {
  readonly type: 'log_batch';
  /** Of the bytes that were delivered; the same where the same batch comes again. */
  readonly id: string;
  readonly records: readonly AuthsignalEventData[];
}

export type AuthsignalEvent = KnownAuthsignalEvent | OtherAuthsignalEvent | AuthsignalLogBatch;
