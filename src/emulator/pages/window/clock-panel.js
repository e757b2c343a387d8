import { command } from './commands.js';
import { el, setText } from './dom.js';
import { dayOf, spanOf, timeOf } from './emulator-time.js';
import { field, panel, selectOf } from './panel.js';

/** @import { EmulatorTime } from './emulator-time.js' */
/** @import { ClockView, WindowView } from './view.js' */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SECOND = 1_000;

/**
 * What time it is for the emulator, and how to move it.
 *
 * @param {EmulatorTime} time
 */
export function clockPanel(time) {
  const shown = el('p', { class: 'clock' });
  const date = el('span', { class: 'detail' });
  const offset = el('p', { class: 'detail' });
  const back = el(
    'button',
    { type: 'button', onclick: () => command('reset-clock', {}, 'Back to now.') },
    'Back to now',
  );
  const steps = [step('+1 min', MINUTE), step('+10 min', 10 * MINUTE), step('+1 h', HOUR)];
  const { node, heading } = panel(
    'clock',
    'Clock',
    el('div', { class: 'clock-line' }, shown, date),
    offset,
    el('div', { class: 'buttons' }, ...steps, back),
    advanceForm(),
  );
  const tick = () => {
    setText(shown, timeOf(time.now()));
    setText(date, dayOf(time.now()));
  };
  return {
    node,
    tick,
    /** @param {WindowView} view */
    update({ clock }) {
      setText(offset, offsetWords(clock));
      node.classList.toggle('is-moved', clock.offsetMs !== 0);
      if (clock.offsetMs === 0 && document.activeElement === back) heading.focus();
      back.hidden = clock.offsetMs === 0;
      tick();
    },
  };
}

/**
 * @param {string} words
 * @param {number} ms
 */
function step(words, ms) {
  return el(
    'button',
    {
      type: 'button',
      'aria-label': `Advance by ${spanOf(ms)}`,
      onclick: () => command('advance-clock', { ms }, `${spanOf(ms)} later.`),
    },
    words,
  );
}

function advanceForm() {
  const amount = el('input', {
    type: 'number',
    min: '1',
    step: '1',
    required: true,
    inputmode: 'numeric',
    value: '1',
  });
  const unit = selectOf(
    { [SECOND]: 'seconds', [MINUTE]: 'minutes', [HOUR]: 'hours', [24 * HOUR]: 'days' },
    {},
  );
  unit.value = String(24 * HOUR);
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    const ms = Number(amount.value) * Number(unit.value);
    command('advance-clock', { ms }, `${spanOf(ms)} later.`);
  };
  return el(
    'form',
    { class: 'form', onsubmit: submit, 'aria-label': 'Advance by another time' },
    field('Advance by', amount),
    field('Unit', unit),
    el('button', { type: 'submit' }, 'Advance'),
  );
}

/** @param {ClockView} clock */
function offsetWords({ offsetMs, isSystems }) {
  const source = isSystems ? 'this machine’s' : 'the clock that was handed in';
  const moved =
    offsetMs === 0
      ? `As ${source}.`
      : `${spanOf(offsetMs)} ${offsetMs > 0 ? 'ahead of' : 'behind'} ${source}.`;
  return isSystems ? moved : `${moved} It stands still here until something happens.`;
}
