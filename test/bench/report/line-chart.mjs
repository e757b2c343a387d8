/**
 * @typedef {object} Chart
 * @property {string} title
 * @property {string} xLabel
 * @property {string} yLabel
 * @property {(value: number) => string} [xText]
 * @property {boolean} [isYLogarithmic]
 * @property {readonly Line[]} lines
 */

/** @typedef {{ name: string, points: readonly (readonly [x: number, y: number])[] }} Line */

const WIDTH = 720;
const HEIGHT = 400;
const LEFT = 76;
const RIGHT = 160;
const TOP = 48;
const BOTTOM = 60;

/** Told apart by people who see few colours, too, on white; each line has marks of its own. */
const COLORS = ['#0b6e99', '#b3401c', '#4d7c0f', '#6d4bb4', '#8a6d00', '#444444'];
const DASHES = ['', '6 3', '2 3', '8 3 2 3', '', '6 3'];

/**
 * Lines over a logarithmic x axis, as an SVG that stands on its own.
 *
 * @param {Chart} chart
 * @returns {string}
 */
export function lineChart(chart) {
  const points = chart.lines.flatMap((line) => line.points);
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const across = logarithmic(Math.min(...xs), Math.max(...xs), LEFT, WIDTH - RIGHT);
  const up = chart.isYLogarithmic
    ? logarithmic(
        10 ** Math.floor(Math.log10(Math.min(...ys))),
        10 ** Math.ceil(Math.log10(Math.max(...ys))),
        HEIGHT - BOTTOM,
        TOP,
      )
    : linear(niceTop(Math.max(...ys)), HEIGHT - BOTTOM, TOP);
  const yTicks = chart.isYLogarithmic ? powersOfTen(ys) : evenTicks(niceTop(Math.max(...ys)));
  const xTicks = [...new Set(xs)].sort((one, other) => one - other);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(chart.title)}" font-family="system-ui, sans-serif" font-size="12" fill="#222">`,
    `<title>${escaped(chart.title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(LEFT, 24, chart.title, 'font-size="15" font-weight="600"'),
    ...yTicks.map((tick) => yGrid(up(tick), tick)),
    ...xTicks.map((tick) =>
      xTick(across(tick), chart.xText?.(tick) ?? tick.toLocaleString('en-US')),
    ),
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, chart.xLabel, 'text-anchor="middle"'),
    `<text transform="translate(16 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${escaped(chart.yLabel)}</text>`,
    ...chart.lines.map((line, index) => drawn(line, index, across, up)),
    '</svg>',
    '',
  ].join('\n');
}

/** @typedef {(value: number) => number} Scale */

/** @param {number} low @param {number} high @param {number} from @param {number} to @returns {Scale} */
function logarithmic(low, high, from, to) {
  const span = Math.log(high) - Math.log(low) || 1;
  return (value) => from + ((Math.log(value) - Math.log(low)) / span) * (to - from);
}

/** @param {number} high @param {number} from @param {number} to @returns {Scale} from 0 */
function linear(high, from, to) {
  return (value) => from + (value / (high || 1)) * (to - from);
}

/** @param {number} value @returns {number} the next of 1, 2, 2.5, 5 or 10 times a power of ten */
function niceTop(value) {
  const power = 10 ** Math.floor(Math.log10(value || 1));
  return ([1, 2, 2.5, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

/** @param {number} top */
const evenTicks = (top) => [0, 1, 2, 3, 4, 5].map((part) => (top * part) / 5);

/** @param {readonly number[]} values */
function powersOfTen(values) {
  const from = Math.floor(Math.log10(Math.min(...values)));
  const to = Math.ceil(Math.log10(Math.max(...values)));
  return Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index));
}

/** @param {number} y @param {number} value */
function yGrid(y, value) {
  const label = value.toLocaleString('en-US', { maximumFractionDigits: 2 });
  return `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at(y)}" y2="${at(y)}" stroke="#ddd"/>${text(LEFT - 8, y + 4, label, 'text-anchor="end"')}`;
}

/** @param {number} x @param {string} label */
function xTick(x, label) {
  const y = HEIGHT - BOTTOM;
  return `<line x1="${at(x)}" x2="${at(x)}" y1="${y}" y2="${y + 5}" stroke="#888"/>${text(x, y + 20, label, 'text-anchor="middle"')}`;
}

/** @param {Line} line @param {number} index @param {Scale} across @param {Scale} up */
function drawn({ name, points }, index, across, up) {
  const color = COLORS[index % COLORS.length];
  const dash = DASHES[index % DASHES.length];
  const places = points.map(([x, y]) => /** @type {const} */ ([at(across(x)), at(up(y))]));
  const legendY = TOP + 10 + index * 22;
  const legendX = WIDTH - RIGHT + 14;
  const stroke = `stroke="${color}" stroke-width="2" fill="none"${dash === '' ? '' : ` stroke-dasharray="${dash}"`}`;
  return [
    `<polyline points="${places.map((place) => place.join(',')).join(' ')}" ${stroke}/>`,
    ...places.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3" fill="${color}"/>`),
    `<line x1="${legendX}" x2="${legendX + 22}" y1="${legendY}" y2="${legendY}" ${stroke}/>`,
    text(legendX + 28, legendY + 4, name, ''),
  ].join('');
}

/** @param {number} x @param {number} y @param {string} content @param {string} attributes */
const text = (x, y, content, attributes) =>
  `<text x="${at(x)}" y="${at(y)}" ${attributes}>${escaped(content)}</text>`;

/** @param {number} value */
const at = (value) => Math.round(value * 10) / 10;

/** @param {string} content */
const escaped = (content) =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
