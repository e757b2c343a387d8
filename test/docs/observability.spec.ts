import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { StepUpEvent } from '../../src/core/events.js';
import * as attributes from '../../src/opentelemetry/attributes.js';
import { COUNTERS, HISTOGRAMS, PREFIX } from '../../src/opentelemetry/instruments.js';

const page = readFileSync('docs/observability.md', 'utf8');

/** The rows of the tables of one section, as cells. */
function rowsOf(heading: string): readonly (readonly string[])[] {
  const [, section = ''] = page.split(new RegExp(`^#+ ${heading}$`, 'm'));
  const [body = ''] = section.split(/^#/m);
  return body
    .split('\n')
    .filter((line) => /^\| .*`/.test(line))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}

const inCode = (cell = ''): readonly string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);

/** A type that is missing here, or that is none, does not compile. */
const EVENTS: Readonly<Record<StepUpEvent['type'], true>> = {
  action_tracked: true,
  challenge_issued: true,
  proof_refused: true,
  proof_burned: true,
  proof_replayed: true,
  proof_returned: true,
  approved: true,
  refused: true,
  would_refuse: true,
  opened: true,
  authsignal_failed: true,
  unexpected_answer: true,
  replay_store_failed: true,
  limit_store_failed: true,
  callback_failed: true,
  subject_missing: true,
  body_unread: true,
  otp_sent: true,
  otp_send_limited: true,
  otp_wrong: true,
  otp_attempts_exceeded: true,
  otp_verified: true,
  phone_refused: true,
  handle_refused: true,
  authenticator_changed: true,
  signed_in: true,
  sign_in_incomplete: true,
  webhook_received: true,
  webhook_duplicate: true,
  webhook_returned: true,
  webhook_refused: true,
  circuit_changed: true,
};

describe('docs/observability.md', () => {
  it('has a row for each event, in order', () => {
    const types = rowsOf('Events').map(([type]) => inCode(type)[0]);
    expect(types).toEqual(['type', ...Object.keys(EVENTS)]);
  });

  it('has a row for each metric with its kind, unit and description', () => {
    const rows = rowsOf('Metrics')
      .slice(1)
      .map(([name, kind, unit, , words]) => [inCode(name)[0], kind, inCode(unit)[0], words]);
    const list = (kind: string, metrics: typeof COUNTERS | typeof HISTOGRAMS) =>
      Object.entries(metrics).map(([name, { unit, description }]) => [
        PREFIX + name,
        kind,
        unit,
        description,
      ]);
    expect(rows).toEqual([...list('counter', COUNTERS), ...list('histogram', HISTOGRAMS)]);
  });

  it('names each attribute, and none that does not exist', () => {
    const ofSpans = rowsOf('Spans').filter(
      (cells) => cells.length === 3 && !cells[1]?.includes('`'),
    );
    const ofMetrics = rowsOf('Metrics').flatMap(([, , , names]) => inCode(names));
    const known = new Set<string>(Object.values(attributes));
    const full = ofMetrics.map((name) => (known.has(name) ? name : PREFIX + name));
    const named = [...ofSpans.flatMap(([names]) => inCode(names)), ...full];
    const values = ['right', 'wrong', 'attempts_exceeded', 'complete', 'incomplete', 'replay']
      .concat(['limit', 'received', 'duplicate', 'returned', 'refused'])
      .map((word) => PREFIX + word);
    expect([...known].filter((name) => !named.includes(name))).toEqual([]);
    const unknown = named.filter((name) => !known.has(name) && !values.includes(name));
    expect(unknown).toEqual([PREFIX + PREFIX]);
  });
});
