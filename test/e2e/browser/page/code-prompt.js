/** What was shown, for the test to read. */
export const shown = {
  /** @type {string[]} The action of each prompt, in the order of opening. */
  actions: [],
  open: 0,
  mostOpen: 0,
};

/**
 * The application's own way to ask for a code.
 * @param {import('/guard.js').CodePrompt} prompt
 * @returns {Promise<string | undefined>}
 */
export async function askForCode({ action, error, resend, signal }) {
  const dialog = build(action, error);
  shown.open += 1;
  shown.mostOpen = Math.max(shown.mostOpen, shown.open);
  if (error === undefined) {
    shown.actions.push(action);
  }
  dialog.again.addEventListener('click', () => {
    resend().then(
      () => dialog.say('Sent again.'),
      (/** @type {Error} */ failure) => dialog.say(failure.message),
    );
  });
  document.body.append(dialog.form);
  dialog.code.focus();
  const typed = await answerTo(dialog, signal);
  dialog.form.remove();
  shown.open -= 1;
  return typed;
}

/**
 * @param {ReturnType<typeof build>} dialog
 * @param {AbortSignal} signal
 * @returns {Promise<string | undefined>}
 */
const answerTo = ({ form, code, cancel }, signal) =>
  new Promise((resolve) => {
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      resolve(code.value);
    });
    cancel.addEventListener('click', () => resolve(undefined));
    signal.addEventListener('abort', () => resolve(undefined));
  });

/**
 * @param {string} action
 * @param {string | undefined} error
 */
function build(action, error) {
  const form = document.createElement('form');
  form.setAttribute('role', 'dialog');
  form.setAttribute('aria-label', `Confirm ${action}`);
  const code = document.createElement('input');
  code.setAttribute('aria-label', 'Code');
  code.autocomplete = 'one-time-code';
  code.inputMode = 'numeric';
  const status = document.createElement('p');
  status.setAttribute('role', 'status');
  status.textContent = error ?? '';
  const cancel = button('Cancel', 'button');
  const again = button('Send again', 'button');
  form.append(status, code, button('Confirm', 'submit'), again, cancel);
  /** @param {string} text */
  const say = (text) => {
    status.textContent = text;
  };
  return { form, code, cancel, again, say };
}

/**
 * @param {string} text
 * @param {'button' | 'submit'} type
 */
function button(text, type) {
  const made = document.createElement('button');
  made.type = type;
  made.textContent = text;
  return made;
}
