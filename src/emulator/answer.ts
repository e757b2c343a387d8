/** What a call answers, before it is written to the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body:
    | { readonly kind: 'json'; readonly value: unknown }
    | { readonly kind: 'text'; readonly text: string };
}

export function ok(value: unknown): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: { kind: 'json', value },
  };
}

/** The server SDK reads `error`, the browser SDK `errorCode`: each refusal carries both. */
export function refuse(status: number, code: string, description: string): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: {
      kind: 'json',
      value: { error: code, errorCode: code, errorDescription: description },
    },
  };
}

export function withHeaders(answer: Answer, headers: Readonly<Record<string, string>>): Answer {
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

export function textOf(answer: Answer): string {
  return answer.body.kind === 'json' ? JSON.stringify(answer.body.value) : answer.body.text;
}
