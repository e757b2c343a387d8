/*
 * The soak is plain JavaScript, which the tests' own settings do not read. Under test/soak/tsconfig.json, where they do,
 * these tests are checked against its real types.
 */
declare module '*/soak/tally.mjs' {
  export class Tally {
    count(name: string): void;
    of(name: string): number;
    violation(rule: string, found: unknown): void;
    under(prefix: string): [string, number][];
    readonly violations: { rule: string; count: number; first: string }[];
  }
}

declare module '*/soak/oracle.mjs' {
  interface Deed {
    action: string;
    user: string;
    session: string;
    method: string;
    path: string;
    body: unknown;
  }
  interface Case {
    use: 'unused' | 'running' | 'ran' | 'returned';
  }
  export class Oracle {
    constructor(parts: {
      tally: import('../../soak/tally.mjs').Tally;
      now: () => number;
      maxAgeMs: number;
    });
    asked(key: string, user: string, action: string): void;
    allowed(request: string): void;
    refused(key: string, deed: Deed): void;
    completed(key: string, method: string): void;
    begins(
      approval: { by: string; proofId?: string },
      deed: Deed,
      given: { request: string; methods: readonly string[] },
    ): Case | undefined;
    ends(found: Case | undefined, mayReturn: boolean): void;
  }
}

declare module '*/soak/contract.mjs' {
  export function faultOf(
    answer: {
      status: number;
      headers: Readonly<Record<string, string>>;
      text: string;
      json: unknown;
    },
    sent: {
      request: string;
      action: string;
      isSignedIn: boolean;
      hasProof: boolean;
      wasSentBefore: boolean;
      failing: string | undefined;
    },
  ): string | undefined;
}

declare module '*/soak/memory.mjs' {
  export function verdictOn(samples: readonly { sent: number; megabytes: number }[]): {
    second: number;
    last: number;
    slope: number;
    isFlat: boolean;
  };
}

declare module '*/soak/dice.mjs' {
  export class Dice {
    constructor(seed: number);
    next(): number;
    weighted<Name extends string>(weights: Readonly<Partial<Record<Name, number>>>): Name;
  }
}
