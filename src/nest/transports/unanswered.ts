import { answerOf, property } from './property.js';

const events = new WeakSet<object>();

/** Remembers the context of an event; a filter is not told which handler it stands behind. */
export function rememberEvent(raw: unknown): void {
  if (typeof raw === 'object' && raw !== null) {
    events.add(raw);
  }
}

/** Whether an answer to this message would reach nobody. */
export function nobodyWaits(raw: unknown): boolean {
  const isEvent = typeof raw === 'object' && raw !== null && events.has(raw);
  return isEvent || (isKafka(raw) && !asksForReply(raw));
}

/**
 * Whether a refusal must be told to nobody, for the message would come again: Kafka's client hands
 * out what failed anew, before all that stands behind it, and what was refused is refused again.
 *
 * @param status of the refusal. What may change by itself, or is mended in the setup, may come again.
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
