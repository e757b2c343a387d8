/**
 * @typedef {{ tone: 'good' | 'warn' | 'bad', title: string, text: string, isPassed?: boolean }} Notice
 */

/** What there is to say of an action that waits for no code. @type {Record<string, Notice>} */
const BY_STATE = {
  ALLOW: {
    tone: 'good',
    title: 'Nothing to confirm',
    text: 'This needs no code.',
    isPassed: true,
  },
  CHALLENGE_SUCCEEDED: {
    tone: 'good',
    title: 'Already confirmed',
    text: 'You have confirmed this. No further code is needed.',
    isPassed: true,
  },
  REVIEW_SUCCEEDED: {
    tone: 'good',
    title: 'Approved',
    text: 'This was reviewed and approved. No code is needed.',
    isPassed: true,
  },
  REVIEW_REQUIRED: {
    tone: 'warn',
    title: 'Under review',
    text: 'Somebody has to look at this first. A code cannot speed it up.',
  },
  REVIEW_FAILED: {
    tone: 'bad',
    title: 'Not approved',
    text: 'This was reviewed and turned down. A code cannot change that.',
  },
  CHALLENGE_FAILED: {
    tone: 'bad',
    title: 'Not confirmed',
    text: 'There were too many wrong codes. Start again where you came from.',
  },
  BLOCK: {
    tone: 'bad',
    title: 'This was stopped',
    text: 'To protect your account this action is blocked. A code cannot change that.',
  },
};

/** @type {Notice} */
const NO_WAY = {
  tone: 'warn',
  title: 'No code can be sent',
  text: 'Your account has no phone that may confirm this.',
};

/** @param {string} state @returns {Notice} */
export const noticeFor = (state) => BY_STATE[state] ?? NO_WAY;

/** @type {Notice} */
export const EXPIRED = {
  tone: 'warn',
  title: 'This page has expired',
  text: 'It is open for a short time only. Start again where you came from.',
};

/** @type {Notice} */
export const BAD_LINK = {
  tone: 'bad',
  title: 'This link does not work',
  text: 'It is incomplete, or belongs to something that no longer exists. Start again where you came from.',
};

/** @type {Notice} */
export const CONFIRMED = { tone: 'good', title: 'Confirmed', text: 'Thank you.' };

/** @type {Notice} */
export const GIVEN_UP = { tone: 'warn', title: 'Cancelled', text: 'Nothing was confirmed.' };
