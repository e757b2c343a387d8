import { el, setAttribute, setText } from './dom.js';
import { keyedList } from './keyed-list.js';
import { emptyLine, moreLine, panel, scrolling } from './panel.js';
/** @import { EmulatorTime } from './emulator-time.js' */
/** @import { Part, RequestView, WindowView } from './view.js' */

/** @typedef {{ key: string, request: RequestView }} Entry */

/**
 * The latest calls, newest first.
 *
 * @param {EmulatorTime} time
 * @returns {Part<WindowView>}
 */
export function requestsPanel(time) {
  const list = el('ol', { class: 'rows tight' });
  const none = emptyLine('No request yet.');
  const more = moreLine('requests');
  const { node, heading, count } = panel(
    'requests',
    'Requests',
    none,
    scrolling('Requests', list),
    more.node,
  );
  const rows = keyedList(
    list,
    ({ key }) => key,
    () => requestRow(time),
    heading,
  );
  return {
    node,
    update({ requests }) {
      rows(requests.items.map((request) => ({ key: String(request.number), request })));
      none.hidden = requests.items.length > 0;
      more.update(requests.more);
      setText(count, String(requests.items.length + requests.more));
    },
  };
}

/**
 * @param {EmulatorTime} time
 * @returns {Part<Entry>}
 */
function requestRow(time) {
  const at = el('time', {});
  const call = el('span', { class: 'mono strong' });
  const method = el('span', { class: 'faint mono' });
  const status = el('span', { class: 'badge' });
  const path = el('p', { class: 'mono path' });
  const body = el('pre', { tabindex: '0', 'aria-label': 'Body' });
  const node = el(
    'li',
    {},
    el('details', {}, el('summary', { class: 'row-head' }, at, call, method, status), path, body),
  );
  return {
    node,
    update({ request }) {
      setText(at, time.stamp(Date.parse(request.at)));
      setAttribute(at, 'datetime', request.at);
      setText(call, request.call);
      setText(method, request.method);
      setText(status, request.status === undefined ? 'no answer' : String(request.status));
      setAttribute(status, 'data-tone', (request.status ?? 500) < 400 ? 'good' : 'bad');
      setText(path, request.path);
      setText(body, bodyWords(request));
    },
  };
}

/** @param {RequestView} request */
function bodyWords({ body, bodyCut }) {
  if (body === '') return 'no body';
  return bodyCut === 0 ? body : `${body}\n… and ${bodyCut.toLocaleString('en')} more characters`;
}
