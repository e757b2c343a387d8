/** @typedef {import('./session.js').Method} Method */

/** @type {Record<Method, string>} */
const NAMES = { WHATSAPP: 'WhatsApp', SMS: 'SMS', EMAIL_OTP: 'E-mail' };
/** @type {Record<Method, string>} */
const CHANNELS = { WHATSAPP: 'by WhatsApp', SMS: 'by SMS', EMAIL_OTP: 'by e-mail' };

/** @param {Method} method */
export const nameOf = (method) => NAMES[method];

/** @param {Method} method */
export const channelOf = (method) => CHANNELS[method];

/** `createPayment` and `create_payment` as people would write it. @param {string} action */
export function titleOf(action) {
  const words = action
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[\s_-]+/)
    .filter((word) => word !== '')
    .map((word) => (/^[A-Z\d]{2,}$/.test(word) ? word : word.toLowerCase()))
    .join(' ');
  return words === '' ? action : words.charAt(0).toUpperCase() + words.slice(1);
}

/** `0:07`, `4:59`. @param {number} ms */
export function clockOf(ms) {
  const seconds = Math.ceil(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** @param {number | undefined} ms */
export function waitingTime(ms) {
  if (ms === undefined) return 'a few minutes';
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 90) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}

/** What went wrong with a call, for the one who waits for it. @param {import('./answer.js').Answer} answer */
export function troubleOf(answer) {
  if (answer.kind === 'refused' && answer.code === 'too_many_requests') {
    return `Too many attempts. Wait ${waitingTime(answer.waitMs)}, then try again.`;
  }
  return answer.kind === 'refused'
    ? 'Something went wrong on our side. Please try again.'
    : 'We got no answer. Check your connection and try again.';
}
