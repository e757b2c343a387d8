import { problemText, renderVerdict } from '../core/render-verdict.js';
import type { Step } from '../core/step.js';
import type { RefusedVerdict } from '../core/verdict.js';
import type { SignedIn } from './complete-sign-in.js';

/** An answer of a flow, the same on every platform. */
export interface RenderedFlow {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** JSON. */
  readonly text: string;
}

const HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
} as const;

export function renderFlow(step: Step<object>): RenderedFlow {
  return step.ok
    ? { status: 200, headers: HEADERS, text: JSON.stringify(step.value) }
    : renderRefusal(step.verdict);
}

/** The application's answer to a finished sign-in, with its headers. */
export function renderSignedIn(step: Step<SignedIn>): RenderedFlow {
  if (!step.ok) {
    return renderRefusal(step.verdict);
  }
  const { headers, text } = step.value;
  return { status: 200, headers: { ...headers, ...HEADERS }, text };
}

function renderRefusal(verdict: RefusedVerdict): RenderedFlow {
  const rendered = renderVerdict(verdict);
  const { status, headers } = rendered;
  return { status, headers, text: problemText(rendered) };
}
