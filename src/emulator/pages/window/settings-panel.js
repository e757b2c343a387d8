import { command } from './commands.js';
import { el, named, setText } from './dom.js';
import { keyedList } from './keyed-list.js';
import { emptyLine, moreLine, panel, scrolling } from './panel.js';
import { ruleWords } from './rule-words.js';
import { outcomeWords } from './words.js';

/** @import { Part, RuleView, SettingsView, WindowView } from './view.js' */

const OUTCOMES = ['ALLOW', 'CHALLENGE', 'REVIEW', 'BLOCK'];
/** @type {Readonly<Record<string, string>>} */
const TONES = { ALLOW: 'good', CHALLENGE: 'open', REVIEW: 'review', BLOCK: 'bad' };

/**
 * What each action leads to, to be switched.
 *
 * @returns {Part<WindowView>}
 */
export function settingsPanel() {
  const list = el('ol', { class: 'rows' });
  const none = emptyLine('No action is configured, and none was tracked.');
  const more = moreLine('actions');
  const standard = el('p', { class: 'detail faint' });
  const { node, heading } = panel(
    'settings',
    'Outcomes',
    none,
    scrolling('Outcomes', list),
    more.node,
    standard,
  );
  const rows = keyedList(list, ({ action }) => action, settingsRow, heading);
  return {
    node,
    update({ settings, tenant }) {
      rows(settings.items);
      none.hidden = settings.items.length > 0;
      more.update(settings.more);
      setText(standard, `Any other action: ${outcomeWords(tenant.defaultOutcome)}.`);
    },
  };
}

/**
 * @param {SettingsView} settings
 * @returns {Part<SettingsView>}
 */
function settingsRow({ action }) {
  const rules = el('ul', { class: 'rules' });
  const legend = el('legend', {}, named(action, 'mono strong'));
  const otherwise = el('span', { class: 'otherwise faint' });
  const radios = OUTCOMES.map((outcome) => outcomeRadio(action, outcome));
  const node = el(
    'li',
    { class: 'row' },
    el(
      'fieldset',
      { class: 'outcomes' },
      legend,
      rules,
      otherwise,
      el('div', { class: 'segments' }, ...radios.map((radio) => radio.node)),
    ),
  );
  const ruleList = keyedList(rules, ({ ruleId }) => ruleId, ruleRow);
  return {
    node,
    update(settings) {
      ruleList(settings.rules);
      rules.hidden = settings.rules.length === 0;
      const always = settings.isConfigured ? 'Always' : 'Always, as the default';
      setText(otherwise, settings.rules.length === 0 ? always : 'Otherwise');
      for (const radio of radios) radio.update(settings.outcome);
    },
  };
}

/**
 * @param {string} action
 * @param {string} outcome
 */
function outcomeRadio(action, outcome) {
  const input = el('input', {
    type: 'radio',
    name: `outcome-${action}`,
    value: outcome,
    onchange: () =>
      command('set-outcome', { action, outcome }, `${action}: ${outcomeWords(outcome)}.`),
  });
  return {
    node: el(
      'label',
      { 'data-tone': TONES[outcome] },
      input,
      el('span', {}, outcomeWords(outcome)),
    ),
    /** @param {string} current */
    update(current) {
      input.checked = current === outcome;
    },
  };
}

/**
 * @returns {Part<RuleView>}
 */
function ruleRow() {
  const outcome = el('span', { class: 'badge' });
  const name = el('bdi', { class: 'clip' });
  const conditions = el('code', { class: 'clip' });
  return {
    node: el('li', {}, el('span', { class: 'rule-head' }, name, outcome), conditions),
    update(rule) {
      setText(outcome, outcomeWords(rule.outcome));
      outcome.dataset.tone = TONES[rule.outcome] ?? 'open';
      setText(name, rule.name);
      setText(conditions, ruleWords(rule.conditions));
    },
  };
}
