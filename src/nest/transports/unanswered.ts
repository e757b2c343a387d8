import { answerOf, property } from './property.js';

const events = new WeakSet<object>();

/** Remembers the context of an event; a filter is not told which handler it stands behind. */
export function rememberEvent(raw: unknown): void {
  if (typeof raw === 'object' && raw !== null) {
    events.add(raw);
  }
}

/**
 * Whether nobody is to wait for an answer to this message, as with every one to a handler of events.
 * Over TCP Nest does answer who reaches such a handler with `client.send()`; nothing here tells that.
 */
export function nobodyWaits(raw: unknown): boolean {
  const isEvent = typeof raw === 'object' && raw !== null && events.has(raw);
  return isEvent || (isKafka(raw) && !asksForReply(raw));
}

/**
 * Whether a refusal must be told to nobody, for the message would come again: Kafka's client hands
 * out what failed anew, before all that stands behind it, and what was refused is refused again.
 *
 * @param status of the refusal. From 500 on the gate was out of reach or its setup is to be mended, and
 * the message may come again. Below it may not, though a review may end well and a user sign in.
 */
export function endsQuietly(raw: unknown, status: number): boolean {
  return status < 500 && isKafka(raw) && nobodyWaits(raw);
}

/** Nest's `KafkaContext`, whose package may not be installed. */
function isKafka(raw: unknown): boolean {
  return ['getTopic', 'getHeartbeat'].every((name) => typeof property(raw, name) === 'function');
}

/** As Nest tells a message from an event. */
function asksForReply(raw: unknown): boolean {
  const headers = property(answerOf(raw, 'getMessage'), 'headers');
  return ['kafka_correlationId', 'kafka_replyTopic'].every((name) =>
    Boolean(property(headers, name)),
  );
}
