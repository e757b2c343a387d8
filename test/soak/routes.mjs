/** @typedef {import('./dice.mjs').Dice} Dice */

/**
 * @typedef {object} GuardedRoute
 * @property {string} action
 * @property {'post' | 'put' | 'delete'} method
 * @property {string} pattern
 * @property {import('authsignal-guard').ActionPolicy} policy
 * @property {(dice: Dice) => { path: string, body?: Record<string, unknown> }} ask
 */

/** @param {unknown} body */
const payment = (body) => {
  const { amount, payee } = /** @type {{ amount: number, payee: string }} */ (body);
  return { amount, payee };
};

/** @param {Dice} dice */
const amounts = (dice) => ({ amount: 1 + dice.below(1_000_000), payee: `payee ${dice.below(50)}` });

/** One for each way in which a proof can be asked for, bound and returned. @type {readonly [GuardedRoute, ...GuardedRoute[]]} */
export const ROUTES = [
  {
    action: 'createPayment',
    method: 'post',
    pattern: '/payments',
    policy: { bind: ({ body }) => payment(body) },
    ask: (dice) => ({ path: '/payments', body: amounts(dice) }),
  },
  {
    action: 'transfer',
    method: 'post',
    pattern: '/accounts/:account/transfers',
    policy: { returnProofOnFailure: true },
    ask: (dice) => ({ path: `/accounts/${dice.below(100)}/transfers`, body: amounts(dice) }),
  },
  {
    action: 'changeProfile',
    method: 'put',
    pattern: '/profile/:field',
    policy: { methods: ['WHATSAPP'] },
    ask: (dice) => ({
      path: `/profile/email?language=${dice.below(9)}`,
      body: { value: `user${dice.below(1_000)}@example.com` },
    }),
  },
  {
    action: 'raiseLimit',
    method: 'post',
    pattern: '/limit',
    policy: { requireChallenge: true, returnProofOnFailure: true },
    ask: (dice) => ({ path: '/limit', body: { limit: dice.below(10_000) } }),
  },
  {
    action: 'removeDevice',
    method: 'delete',
    pattern: '/devices/:device',
    policy: {},
    ask: (dice) => ({ path: `/devices/${dice.below(1_000)}` }),
  },
];

/** Those that a proof of this route may come from. @param {GuardedRoute} route */
export const countedMethods = ({ policy }) => policy.methods ?? ['WHATSAPP', 'SMS'];
