/**
 * @typedef {import('./ask-all.mjs').Finding} Finding
 *
 * @typedef {object} Tally
 * @property {number} messages
 * @property {number} requests
 * @property {readonly string[]} usersLeft
 * @property {string} brokenOff why the run ended early; empty if it did not
 */

/** @param {unknown} value */
function shown(value) {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

/**
 * One question and its answer, on a few lines.
 * @param {Finding} finding
 */
export function findingText(finding) {
  const { question, counterpart, result, seen, reason } = finding;
  const { kind, name } = counterpart;
  const lines = [
    `${result.padEnd(18)} ${question.section.padEnd(6)} ${question.id}`,
    `  asks      ${question.asks}`,
    ...(question.costs === undefined ? [] : [`  costs     ${question.costs}`]),
    ...(reason === '' ? [] : [`  because   ${reason}`]),
    ...seen.map((line) => `  observed  ${line}`),
    `  emulator  ${kind === 'fact' ? 'always' : `${kind} ${name}, default`} ${shown(counterpart.default)}`,
  ];
  if (result === 'differs') lines.push(`  differs   ${changeText(finding)}`);
  return `${lines.join('\n')}\n\n`;
}

/** @param {Finding} finding */
function changeText({ counterpart, fits }) {
  const { kind, name, choices } = counterpart;
  if (kind === 'fact') return 'no switch stands for it';
  if (fits === undefined) {
    return `${kind} ${name}: none of the known answers (${choices.map(shown).join(', ')})`;
  }
  return `${kind} ${name}: ${shown(counterpart.default)} → set ${shown(fits)}`;
}

/**
 * What would have to be changed, one entry for each switch or limit. Questions of one switch that
 * were answered differently leave no value that is right.
 * @param {readonly Finding[]} findings
 */
export function changesOf(findings) {
  const asked = findings.filter(({ result }) => result === 'matches' || result === 'differs');
  const names = new Set(
    asked
      .filter(({ result, counterpart }) => result === 'differs' && counterpart.kind !== 'fact')
      .map(({ counterpart }) => counterpart.name),
  );
  return [...names].map((name) => {
    const about = asked.filter(({ counterpart }) => counterpart.name === name);
    const values = [...new Set(about.map(({ fits }) => fits))];
    const [first] = about;
    return {
      kind: first?.counterpart.kind,
      name,
      default: first?.counterpart.default,
      set: values.length === 1 ? values[0] : undefined,
      seen: about.map(({ question, fits }) => ({ id: question.id, fits })),
    };
  });
}

/** @param {readonly Finding[]} findings */
export function countsOf(findings) {
  /** @param {Finding['result']} result */
  const count = (result) => findings.filter((finding) => finding.result === result).length;
  return {
    questions: findings.length,
    matches: count('matches'),
    differs: count('differs'),
    notAsked: count('not asked'),
    couldNotBeAsked: count('could not be asked'),
  };
}

/**
 * @param {readonly Finding[]} findings
 * @param {Tally} tally
 */
export function summaryText(findings, tally) {
  const { questions, matches, differs, notAsked, couldNotBeAsked } = countsOf(findings);
  const lines = [
    `${questions} questions: ${matches} match, ${differs} differ, ${notAsked} not asked, ${couldNotBeAsked} could not be asked.`,
    `${tally.messages} messages to phones, ${tally.requests} requests.`,
  ];
  for (const { kind, name, default: was, set, seen } of changesOf(findings)) {
    const each = seen.map(({ id, fits }) => `${id}: ${shown(fits ?? 'none')}`).join('; ');
    lines.push(
      set === undefined
        ? `${kind} ${name}: no value fits (${each})`
        : `${kind} ${name}: ${shown(was)} → set ${shown(set)}`,
    );
  }
  if (tally.usersLeft.length > 0) {
    lines.push(`These users could not be deleted: ${tally.usersLeft.join(', ')}`);
  }
  return `${lines.join('\n')}\n`;
}

/**
 * The whole report for programs. `fits` and `set` are null where no value of the emulator does it.
 * @param {readonly Finding[]} findings
 * @param {Tally} tally
 */
export function reportJson(findings, tally) {
  const report = {
    questions: findings.map(({ question, counterpart, result, seen, fits, reason }) => ({
      id: question.id,
      section: question.section,
      asks: question.asks,
      costs: question.costs ?? null,
      result,
      reason: reason === '' ? null : reason,
      observed: seen,
      emulator: { kind: counterpart.kind, name: counterpart.name, default: counterpart.default },
      fits: fits ?? null,
    })),
    changes: changesOf(findings).map((change) => ({ ...change, set: change.set ?? null })),
    counts: countsOf(findings),
    ...tally,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
