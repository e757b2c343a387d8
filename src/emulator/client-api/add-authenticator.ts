import { randomUUID } from 'node:crypto';
import { ok, refuse } from '../answer.js';
import type { ClientCall, Handler } from '../call.js';
import { contactAt, contactField, isContact } from '../contact.js';
import { authenticatorOf, mayEnrol } from '../enrolment.js';
import { invalidRequest, methodNotEnabled, unauthorized } from '../refusals.js';
import type { CodeMethod } from '../verification-method.js';

/**
 * Notes a number or an address that the user wants to add. It is enrolled once a code that was sent
 * to it is verified with the same action; until then the user has nothing more than before.
 */
export function addAuthenticator(method: CodeMethod): Handler<ClientCall> {
  return (tenant, call) => {
    const { userId, scope } = call.token;
    const record = tenant.state.action(call.token);
    if (record === undefined || !tenant.state.users.has(userId)) return unauthorized();
    if (!tenant.methods.includes(method)) return methodNotEnabled(method);
    const to = call.body[contactField(method)];
    if (!isContact(tenant.switches, method, to)) {
      return invalidRequest(`${contactField(method)} is invalid.`);
    }
    // Verified or not, a number of the caller's own choice must not answer for somebody enrolled.
    if (!mayEnrol(tenant, userId, method, scope) && tenant.switches.missingScope !== 'enrol') {
      return refuse(403, 'insufficient_scope', 'The scope does not allow this authenticator.');
    }
    const userAuthenticatorId =
      authenticatorOf(tenant, userId, method)?.userAuthenticatorId ?? randomUUID();
    record.pendingAuthenticator = {
      userAuthenticatorId,
      verificationMethod: method,
      ...contactAt(method, to),
    };
    tenant.state.changed();
    return ok({ userAuthenticatorId, userId });
  };
}
