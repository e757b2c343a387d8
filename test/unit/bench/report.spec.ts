import { describe, expect, it } from '@jest/globals';
import { figure, kilobytes, times, whole } from '../../bench/report/figure.mjs';
import { lineChart } from '../../bench/report/line-chart.mjs';
import { filledPage } from '../../bench/report/page.mjs';
import { selfTimes } from '../../bench/report/self-times.mjs';
import { table } from '../../bench/report/table.mjs';

describe('table', () => {
  it('is Markdown whose columns are aligned, figures to the right', () => {
    expect(
      table(
        ['', 'µs'],
        [
          ['Issue a binding', '9.5'],
          ['Decide', '0.0217'],
        ],
      ),
    ).toBe(
      [
        '|                 |     µs |',
        '| --------------- | -----: |',
        '| Issue a binding |    9.5 |',
        '| Decide          | 0.0217 |',
      ].join('\n'),
    );
  });

  it('leaves a missing cell empty', () => {
    expect(table(['a', 'b'], [['x']])).toContain('| x   |     |');
  });
});

describe('figures', () => {
  it('have as many digits as mean something', () => {
    expect([12_345.6, 123.4, 26.14, 2.614, 0.0217, 0.0012, 0].map(figure)).toEqual([
      '12,346',
      '123',
      '26.1',
      '2.61',
      '0.0217',
      '0.0012',
      '0',
    ]);
    expect(figure(-60.29)).toBe('-60.3');
    expect(whole(999.5)).toBe('1,000');
    expect(times(0.9)).toBe('0.90 ×');
    expect(kilobytes(65_536)).toBe('64 KB');
  });
});

describe('selfTimes', () => {
  const frame = (functionName: string, url = '', lineNumber = 0) => ({
    functionName,
    url,
    lineNumber,
  });
  const profile = {
    nodes: [
      { id: 1, callFrame: frame('(root)'), children: [2, 4, 5, 6, 7] },
      {
        id: 2,
        callFrame: frame('issue', 'file:///app/dist/esm/core/binding.js', 23),
        children: [3],
      },
      { id: 3, callFrame: frame('digest'), children: [] },
      { id: 4, callFrame: frame('(idle)') },
      { id: 5, callFrame: frame('(garbage collector)') },
      { id: 6, callFrame: frame('dispatch', 'file:///app/node_modules/undici/lib/pool.js') },
      { id: 7, callFrame: frame('post', 'node:inspector'), children: [8] },
      { id: 8, callFrame: frame('dispatch') },
    ],
    samples: [2, 3, 3, 4, 5, 6, 8],
    timeDeltas: [100, 200, 300, 9_000, 50, 70, 8_000],
  };

  it('groups by file, counts what is native for its caller, and leaves out idling and the profiler itself', () => {
    expect(selfTimes(profile, 10).groups).toEqual({
      ours: 60,
      'garbage collection': 5,
      undici: 7,
    });
  });

  it('names the costliest functions first', () => {
    expect(selfTimes(profile, 10).functions).toEqual([
      { name: 'digest', us: 50 },
      { name: 'issue core/binding.js:24', us: 10 },
      { name: 'dispatch undici/lib/pool.js:1', us: 7 },
      { name: '(garbage collector)', us: 5 },
    ]);
  });
});

describe('filledPage', () => {
  const page = [
    'Before',
    '<!-- table:goals -->',
    'old',
    '<!-- /table:goals -->',
    'Between',
    '<!-- table:steps -->',
    '<!-- /table:steps -->',
  ].join('\n');

  it('replaces what stands between the markers, and nothing else', () => {
    expect(filledPage(page, { goals: '| new |' })).toBe(page.replace('old', '| new |'));
  });

  it('writes the same page again from the same parts', () => {
    const parts = { goals: '| $& |', steps: '| x |' };
    const filled = filledPage(page, parts);
    expect(filled).toContain('| $& |');
    expect(filledPage(filled, parts)).toBe(filled);
  });

  it('refuses a part that has no place', () => {
    expect(() => filledPage(page, { memory: '' })).toThrow('no place for "memory"');
  });
});

describe('lineChart', () => {
  const chart = {
    title: 'Cost & <size>',
    xLabel: 'bytes',
    yLabel: 'µs',
    lines: [
      {
        name: 'ours',
        points: [
          [1, 10],
          [10, 20],
          [100, 40],
        ] as const,
      },
      {
        name: 'limit',
        points: [
          [1, 5],
          [100, 50],
        ] as const,
      },
    ],
  };
  type Point = readonly [x: number, y: number];

  /** The points of each line, in pixels from the corner above. */
  function drawnLines(svg: string): readonly (readonly Point[])[] {
    return [...svg.matchAll(/<polyline points="([^"]*)"/g)].map(([, points = '']) =>
      points.split(' ').map((pair): Point => {
        const [x = Number.NaN, y = Number.NaN] = pair.split(',').map(Number);
        return [x, y];
      }),
    );
  }

  /** What a reader reads. */
  const textsOf = (svg: string): readonly string[] =>
    [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text = '']) => text);

  it('is a picture with a name, whatever stands in its texts', () => {
    const svg = lineChart(chart);
    expect(svg).toContain('role="img" aria-label="Cost &amp; &lt;size>"');
    expect(svg).toContain('<title>Cost &amp; &lt;size></title>');
    expect(textsOf(svg)).toEqual(expect.arrayContaining(['bytes', 'Cost &amp; &lt;size>']));
  });

  it('places points by the logarithm of x and by y, from zero', () => {
    const [ours = [], limit = []] = drawnLines(lineChart(chart));
    const [first = 0, middle = 0, last = 0] = ours.map(([x]) => x);
    expect(middle - first).toBeCloseTo(last - middle, 0);
    // The axis stands at 340 pixels, and ends at 50 µs 292 pixels above it.
    const heights = [...ours, ...limit].map(([, y]) => ((340 - y) / 292) * 50);
    expect(heights.map(Math.round)).toEqual([10, 20, 40, 5, 50]);
  });

  it('marks each point, each x and each line', () => {
    const svg = lineChart({ ...chart, xText: (value) => `${value} B` });
    expect([...svg.matchAll(/<circle /g)]).toHaveLength(5);
    expect(textsOf(svg)).toEqual(
      expect.arrayContaining(['1 B', '10 B', '100 B', 'ours', 'limit', '50']),
    );
  });

  it('draws y by its logarithm on demand', () => {
    const [ours = []] = drawnLines(lineChart({ ...chart, isYLogarithmic: true }));
    const [ten = 0, twenty = 0, forty = 0] = ours.map(([, y]) => y);
    expect(ten - twenty).toBeCloseTo(twenty - forty, 0);
    expect(ten).toBeGreaterThan(forty);
  });

  it('stays a picture where there is one point alone', () => {
    const svg = lineChart({ ...chart, lines: [{ name: 'one', points: [[50, 3]] }] });
    expect(svg).not.toContain('NaN');
  });
});
