import { enrol } from '../enrolment.js';
import { present } from '../fields.js';
import { invalidRequest, methodNotEnabled, notFound } from '../refusals.js';
import { isPhone } from '../server-api/authenticators.js';
import { CODE_METHODS, usesPhone } from '../verification-method.js';
import { oneOf, optional, text } from './command-fields.js';
import { type WindowCommand, windowCommand } from './window-command.js';

/** A number needs a plus sign and its country; what people put between the digits is taken away. */
const plain = (phoneNumber: string | undefined): string | undefined =>
  phoneNumber?.replace(/[\s().-]/g, '');

export const USER_COMMANDS: Readonly<Record<string, WindowCommand>> = {
  enroll: windowCommand(
    {
      userId: text,
      verificationMethod: oneOf(CODE_METHODS),
      phoneNumber: optional(text),
      email: optional(text),
    },
    ({ tenant }, values) => {
      const { userId, verificationMethod, email } = values;
      const phoneNumber = plain(values.phoneNumber);
      if (!tenant.methods.includes(verificationMethod)) return methodNotEnabled(verificationMethod);
      if (usesPhone(verificationMethod)) {
        if (email !== undefined) return invalidRequest('email does not go with this method.');
        if (!isPhone(tenant, phoneNumber)) {
          return invalidRequest('phoneNumber must be a number with its country, as +64211234567.');
        }
      } else {
        if (phoneNumber !== undefined) {
          return invalidRequest('phoneNumber does not go with this method.');
        }
        if (email === undefined || !/^\S+@\S+$/.test(email)) {
          return invalidRequest('email must be an e-mail address.');
        }
      }
      enrol(tenant, { userId, verificationMethod, ...present({ phoneNumber, email }) });
      return undefined;
    },
  ),
  'delete-authenticator': windowCommand(
    { userId: text, userAuthenticatorId: text },
    ({ tenant }, { userId, userAuthenticatorId }) =>
      tenant.state.removeAuthenticator(userId, userAuthenticatorId)
        ? undefined
        : notFound('The user has no such authenticator any more.'),
  ),
  'delete-user': windowCommand({ userId: text }, ({ tenant }, { userId }) => {
    if (!tenant.state.users.has(userId)) return notFound('There is no such user any more.');
    tenant.state.deleteUser(userId, false);
    return undefined;
  }),
};
