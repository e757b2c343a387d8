import { command } from './commands.js';
import { el, named, setAttribute, setText, short } from './dom.js';
import { keyedList } from './keyed-list.js';
import { emptyLine, moreLine, panel, scrolling } from './panel.js';
import { methodWords, stateTone, stateWords } from './words.js';
/** @import { EmulatorTime } from './emulator-time.js' */
/** @import { ActionView, Part, WindowView } from './view.js' */

/**
 * What was tracked, newest first.
 *
 * @param {EmulatorTime} time
 * @returns {Part<WindowView>}
 */
export function actionsPanel(time) {
  const list = el('ol', { class: 'rows' });
  const none = emptyLine('Nothing was tracked yet.');
  const more = moreLine('actions');
  const { node, heading, count } = panel(
    'actions',
    'Tracked actions',
    none,
    scrolling('Tracked actions', list),
    more.node,
  );
  const rows = keyedList(
    list,
    ({ userId, action, idempotencyKey }) => JSON.stringify([userId, action, idempotencyKey]),
    (record) => actionRow(record, time),
    heading,
  );
  return {
    node,
    update({ actions }) {
      rows(actions.items);
      none.hidden = actions.items.length > 0;
      more.update(actions.more);
      setText(count, String(actions.items.length + actions.more));
    },
  };
}

/**
 * @param {ActionView} record
 * @param {EmulatorTime} time
 * @returns {Part<ActionView>}
 */
function actionRow({ userId, action, idempotencyKey }, time) {
  const badge = el('span', { class: 'badge' });
  const rules = el('p', { class: 'detail' });
  const custom = el('dl', { class: 'custom' });
  const times = el('p', { class: 'detail faint' });
  const review = reviewButtons({ userId, action, idempotencyKey });
  const node = el(
    'li',
    { class: 'row' },
    el(
      'div',
      { class: 'row-head' },
      named(action, 'mono strong'),
      badge,
      el('span', { class: 'by' }, named(userId, 'clip')),
    ),
    rules,
    custom,
    times,
    review,
  );
  const customList = keyedList(custom, ([name]) => name, dataPoint);
  return {
    node,
    update(record) {
      setText(badge, stateWords(record.state));
      setAttribute(badge, 'data-tone', stateTone(record.state));
      rules.hidden = record.rules.length === 0;
      setText(rules, `Matched: ${record.rules.map(({ name }) => name).join(', ')}`);
      customList(Object.entries(record.custom));
      custom.hidden = custom.children.length === 0;
      setText(times, timesWords(record, time));
      showReview(review, record, node);
    },
  };
}

/**
 * The focus may be on what goes away: it stays in the row's neighbourhood.
 *
 * @param {HTMLElement} review
 * @param {ActionView} record
 * @param {HTMLElement} row
 */
function showReview(review, record, row) {
  const isWaiting = record.state === 'REVIEW_REQUIRED';
  if (!isWaiting && review.contains(document.activeElement)) {
    const group = row.closest('.scroll');
    if (group instanceof HTMLElement) group.focus({ preventScroll: true });
  }
  review.hidden = !isWaiting;
}

/** @param {Readonly<Pick<ActionView, 'userId' | 'action' | 'idempotencyKey'>>} reference */
function reviewButtons(reference) {
  const what = `${reference.action} of ${short(reference.userId)}`;
  /**
   * @param {string} state
   * @param {string} words
   */
  const button = (state, words) =>
    el(
      'button',
      {
        type: 'button',
        'aria-label': `${words}: ${what}`,
        onclick: () => command('review', { ...reference, state }, `${words}: ${what}.`),
      },
      words,
    );
  return el(
    'div',
    { class: 'buttons' },
    button('REVIEW_SUCCEEDED', 'Review succeeded'),
    button('REVIEW_FAILED', 'Review failed'),
  );
}

/**
 * @param {[string, unknown]} point
 * @returns {Part<[string, unknown]>}
 */
function dataPoint([name]) {
  const value = el('dd', {});
  return {
    node: el('div', {}, el('dt', {}, named(short(name))), value),
    update: ([, given]) => setText(value, String(given)),
  };
}

/**
 * @param {ActionView} record
 * @param {EmulatorTime} time
 */
function timesWords({ createdAt, stateUpdatedAt, verificationMethod }, time) {
  const by = verificationMethod === undefined ? '' : ` by ${methodWords(verificationMethod)}`;
  const tracked = `Tracked ${time.stamp(createdAt)}`;
  if (stateUpdatedAt === createdAt && by === '') return tracked;
  return `${tracked}, in this state${by} since ${time.stamp(stateUpdatedAt)}`;
}
