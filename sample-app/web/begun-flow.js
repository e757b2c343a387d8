/**
 * @typedef {'sign-in' | 'enrollment' | 'phone-number'} FlowName
 * @typedef {object} BegunFlow a code was sent and not entered yet
 * @property {FlowName} name
 * @property {string} handle
 * @property {string} phoneNumber masked
 * @property {number} expiresAt Unix milliseconds
 * @property {number} resendAt Unix milliseconds
 * @property {boolean} isOpen whether its dialog is
 * @property {boolean} isCodeTaken only the rest of the sign-in is left
 */

const KEY = 'begun-flow';

/**
 * Keeps a flow over a reload, in this tab alone. The handle is of use only with the code from the phone,
 * which is kept nowhere.
 */
export const begunFlow = {
  /** @returns {BegunFlow | undefined} */
  find() {
    try {
      const flow = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
      return flow !== null && flow.expiresAt > Date.now() ? flow : undefined;
    } catch {
      return undefined;
    }
  },

  /** @param {BegunFlow} flow */
  keep(flow) {
    sessionStorage.setItem(KEY, JSON.stringify(flow));
  },

  /** The user has closed its dialog, and may open it again. */
  putAside() {
    const flow = this.find();
    if (flow !== undefined) {
      this.keep({ ...flow, isOpen: false });
    }
  },

  /** Of whoever was signed in. A sign-in is nobody's yet. */
  forgetOfUser() {
    if (this.find()?.name !== 'sign-in') {
      this.forget();
    }
  },

  forget() {
    sessionStorage.removeItem(KEY);
  },
};
