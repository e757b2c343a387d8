import { armedButton } from './armed-button.js';
import { command } from './commands.js';
import { el, named, setText, short } from './dom.js';
import { enrolForm } from './enrol-form.js';
import { keyedList } from './keyed-list.js';
import { emptyLine, moreLine, panel, scrolling } from './panel.js';
import { methodWords } from './words.js';
/** @import { AuthenticatorView, Part, UserView, WindowView } from './view.js' */

/**
 * Users with what they have enrolled.
 *
 * @returns {Part<WindowView>}
 */
export function usersPanel() {
  const list = el('ol', { class: 'rows' });
  const none = emptyLine('No user yet: the first is made by a call of your app, or here by hand.');
  const more = moreLine('users');
  const form = enrolForm();
  const { node, heading, count } = panel(
    'users',
    'Users',
    form.node,
    none,
    scrolling('Users', list),
    more.node,
  );
  const rows = keyedList(list, ({ userId }) => userId, userRow, heading);
  return {
    node,
    update({ users, choices }) {
      form.update(choices.methods);
      rows(users.items);
      none.hidden = users.items.length > 0;
      more.update(users.more);
      setText(count, String(users.items.length + users.more));
    },
  };
}

/**
 * @param {UserView} user
 * @returns {Part<UserView>}
 */
function userRow({ userId }) {
  const contact = el('bdi', { class: 'clip' });
  const list = el('ul', { class: 'authenticators' });
  const none = el('p', { class: 'detail faint' }, 'Nothing enrolled');
  const remove = armedButton('Delete', `Delete user ${short(userId)}`, () =>
    command('delete-user', { userId }, 'User deleted.'),
  );
  const node = el(
    'li',
    { class: 'row' },
    el(
      'div',
      { class: 'row-head' },
      named(userId, 'strong clip'),
      el('span', { class: 'by' }, contact),
      remove,
    ),
    list,
    none,
  );
  const authenticators = keyedList(
    list,
    ({ userAuthenticatorId }) => userAuthenticatorId,
    (authenticator) => authenticatorRow(userId, authenticator),
    remove,
  );
  return {
    node,
    update(user) {
      const { username, email, phoneNumber } = user;
      const enrolled = user.authenticators.flatMap((known) => [known.email, known.phoneNumber]);
      const others = [username, email, phoneNumber].filter(
        (part) => part && !enrolled.includes(part),
      );
      setText(contact, others.join(' · '));
      authenticators(user.authenticators);
      none.hidden = user.authenticators.length > 0;
    },
  };
}

/**
 * @param {string} userId
 * @param {AuthenticatorView} authenticator
 * @returns {Part<AuthenticatorView>}
 */
function authenticatorRow(userId, { userAuthenticatorId, verificationMethod }) {
  const address = el('bdi', { class: 'mono clip' });
  const method = methodWords(verificationMethod);
  const remove = el(
    'button',
    {
      type: 'button',
      class: 'quiet',
      'aria-label': `Delete ${method} of ${short(userId)}`,
      onclick: () =>
        command('delete-authenticator', { userId, userAuthenticatorId }, `${method} deleted.`),
    },
    'Delete',
  );
  const standard = el('span', { class: 'faint' }, 'default');
  const node = el(
    'li',
    {},
    el('span', { class: 'channel', 'data-channel': verificationMethod }, method),
    address,
    standard,
    remove,
  );
  return {
    node,
    update({ phoneNumber, email, isDefault }) {
      setText(address, phoneNumber ?? email ?? '');
      standard.hidden = !isDefault;
    },
  };
}
