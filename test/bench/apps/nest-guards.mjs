import { ForbiddenException, UseGuards } from '@nestjs/common';
import { ACTION } from './account.mjs';

/**
 * @typedef {object} Guarding
 * @property {readonly import('@nestjs/common').DynamicModule[]} imports
 * @property {() => MethodDecorator} decorator for each handler its own
 */

/**
 * @param {import('./main.mjs').AppSettings} app
 * @returns {Promise<Guarding>}
 */
export async function guardingOf(app) {
  switch (app.guard) {
    case 'none':
      return { imports: [], decorator: () => () => undefined };
    case 'by-hand': {
      const { byHand } = await import('./by-hand.mjs');
      return guardedBy(byHand(app.apiUrl));
    }
    case 'limit': {
      const { limit } = await import('./limit.mjs');
      return guardedBy(limit(app.apiUrl));
    }
    case 'ours': {
      const { AuthsignalModule, RequireAction } = await import('authsignal-guard/nest');
      const { gateOptions, policyOf } = await import('./gate-options.mjs');
      return {
        imports: [AuthsignalModule.forRoot(await gateOptions(app))],
        decorator: () => RequireAction(ACTION, policyOf(app)),
      };
    }
  }
}

/**
 * @param {import('./outcome.mjs').Ask} ask
 * @returns {Guarding}
 */
function guardedBy(ask) {
  class StepUpGuard {
    /** @param {import('@nestjs/common').ExecutionContext} context */
    async canActivate(context) {
      const request = context.switchToHttp().getRequest();
      const { user, ip, headers } = request;
      const outcome = await ask({ userId: user.id, ip, headers });
      if (!outcome.allowed) {
        throw new ForbiddenException(outcome.body);
      }
      return true;
    }
  }
  return { imports: [], decorator: () => UseGuards(StepUpGuard) };
}
