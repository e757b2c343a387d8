/*
 * The bench is plain JavaScript, which the tests' own settings do not read. Under test/bench/tsconfig.json, where they do,
 * these tests are checked against its real types.
 */
declare module '*/bench/statistics.mjs' {
  export function median(values: readonly number[]): number;
  export function ratio(
    series: readonly number[],
    base: readonly number[],
  ): { median: number; lowest: number; highest: number };
}

declare module '*/bench/load/wrk-output.mjs' {
  export class ProofsRanOut extends Error {}
  export function readLoad(
    output: string,
    expected: number,
  ): { requests: number; perSecond: number; p50Ms: number; p99Ms: number; proofsUsed: number };
}

declare module '*/bench/report/table.mjs' {
  export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string;
}

declare module '*/bench/report/figure.mjs' {
  export function whole(value: number): string;
  export function figure(value: number): string;
  export function times(value: number): string;
  export function kilobytes(bytes: number): string;
}

declare module '*/bench/report/page.mjs' {
  export function filledPage(page: string, parts: Readonly<Record<string, string>>): string;
}

declare module '*/bench/report/line-chart.mjs' {
  export function lineChart(chart: {
    title: string;
    xLabel: string;
    yLabel: string;
    xText?: (value: number) => string;
    isYLogarithmic?: boolean;
    lines: readonly { name: string; points: readonly (readonly [x: number, y: number])[] }[];
  }): string;
}

declare module '*/bench/options.mjs' {
  export function readOptions(args: readonly string[]):
    | {
        sections: readonly string[];
        platforms: readonly string[];
        rounds: number;
        seconds: number;
        connections: number;
        quick: boolean;
        json: string;
        writes: boolean;
        runs: boolean;
      }
    | undefined;
}

declare module '*/bench/report/self-times.mjs' {
  export function selfTimes(
    profile: {
      nodes: {
        id: number;
        callFrame: { functionName: string; url: string; lineNumber: number };
        children?: number[];
      }[];
      samples?: number[];
      timeDeltas?: number[];
    },
    requests: number,
  ): { groups: Record<string, number>; functions: { name: string; us: number }[] };
}
