import { ROUTES } from './routes.mjs';

/** @typedef {import('./counter.mjs').Wish} Wish */
/** @typedef {import('./dice.mjs').Dice} Dice */

const USERS = 300;

/** @param {Dice} dice @returns {Wish} */
export function someWish(dice) {
  const route = dice.pick(ROUTES);
  const { path, body } = route.ask(dice);
  const user = `user${dice.below(USERS)}`;
  return { route, user, session: `session of ${user}`, path, body };
}

/** The same with another body, path or session. @param {Wish} wish @param {Dice} dice @returns {Wish} */
export function changed(wish, dice) {
  const what = dice.pick(['body', 'path', 'session']);
  const { path } = what === 'path' ? wish.route.ask(dice) : wish;
  if (path !== wish.path) {
    return { ...wish, path };
  }
  // Of a route with a single path as well.
  return what === 'body'
    ? { ...wish, body: { ...wish.body, amount: 9_999_999, value: 'eve@example.com', limit: -1 } }
    : { ...wish, session: `${wish.session}, another` };
}
