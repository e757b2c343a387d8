import { describe, expect, it } from '@jest/globals';
import { flowActions } from '../../../src/whatsapp/flow-actions.js';
import type { WhatsAppOptions } from '../../../src/whatsapp/options.js';
import { flowRouteOf, whatsAppFlows } from '../../../src/whatsapp/whatsapp-flows.js';
import { bench, type Raw } from '../core/gate-bench.js';

function actionsWith(given: Partial<WhatsAppOptions<Raw>>) {
  return flowActions(whatsAppFlows(bench().gate, { countries: 'any', ...given }));
}

const SIGN_IN = { findOrCreateUser: () => 'alice', signedIn: () => ({}) };
const VERIFIED = { resolve: () => ({ phoneNumber: '+64211234567' }) };

describe('the actions of the flows', () => {
  it('are those of the documentation where the application names none', () => {
    const given = { enrollment: {}, phoneNumber: {}, verifiedNumber: VERIFIED, signIn: SIGN_IN };
    const actions = actionsWith(given);
    const names = Object.entries(actions).map(([route, { action }]) => [route, action]);
    expect(Object.fromEntries(names)).toEqual({
      startEnrollment: 'enrollWhatsApp',
      startPhoneNumber: 'updatePhoneNumber',
      enrollVerifiedNumber: 'enrollVerifiedNumber',
      startSignIn: 'signInWithWhatsApp',
    });
  });

  it('are those that the application names', () => {
    const actions = actionsWith({
      enrollment: { action: 'one' },
      phoneNumber: { action: 'two' },
      verifiedNumber: { ...VERIFIED, action: 'three' },
      signIn: { ...SIGN_IN, action: 'four' },
    });
    expect(actions).toMatchObject({
      startEnrollment: { action: 'one', policy: { action: 'one', whenUnenrolled: 'allow' } },
      startPhoneNumber: { action: 'two', policy: { action: 'two', whenUnenrolled: 'deny' } },
      enrollVerifiedNumber: { action: 'three', policy: { whenUnenrolled: 'allow' } },
      startSignIn: { action: 'four' },
    });
    expect(actions.startSignIn).not.toHaveProperty('policy');
  });

  it('are only those of flows that are switched on', () => {
    expect(Object.keys(actionsWith({ enrollment: {} }))).toEqual(['startEnrollment']);
    expect(Object.keys(actionsWith({ signIn: SIGN_IN }))).toEqual(['startSignIn']);
    expect(flowActions(new Map())).toEqual({});
  });
});

describe('the route of a flow', () => {
  it('is found by method and path together', () => {
    expect(flowRouteOf('POST', '/sign-in')).toBe('startSignIn');
    expect(flowRouteOf('post', '/sign-in')).toBe('startSignIn');
    expect(flowRouteOf('GET', '/sign-in')).toBeUndefined();
    expect(flowRouteOf('POST', '/sign-out')).toBeUndefined();
  });
});
