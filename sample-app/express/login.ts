import type { StepUpGate } from 'authsignal-guard';
import { actionRequestOf } from 'authsignal-guard/express';
import type { Request, RequestHandler } from 'express';
import type { Bank } from '../bank/bank.js';
import { readCredentials } from '../bank/credentials.js';
import type { User } from '../bank/users.js';
import type { BankRequest } from '../server/bank-request.js';
import { deviceOf, giveSessionCookie, sessionCookie } from '../server/cookies.js';

/** The retry with the proof carries the password again, and both are checked. */
export function login(bank: Bank, gate: StepUpGate<BankRequest>): RequestHandler {
  const stepUp = async (user: User, req: Request, device: string): Promise<void> => {
    const approval = await gate.require(actionRequestOf(req), {
      action: 'signIn',
      subject: () => user.id,
      // Who never had a number must get in to enroll one, and cannot pay before. Whoever has one
      // proves it: with the password alone, a thief could enroll another.
      whenUnenrolled: user.phoneNumber === undefined ? 'allow' : 'deny',
      // This user in this browser. Never the password: what is bound leaves the process as a hash.
      bind: () => ({ username: user.username, device }),
      attributes: () => ({
        username: user.username,
        custom: { newDevice: !bank.devices.isTrusted(user.id, device) },
      }),
    });
    if (approval.by === 'challenge') {
      bank.devices.trust(user.id, device);
    }
  };

  return async (req, res) => {
    const credentials = readCredentials(req.body);
    const user = credentials && (await bank.users.authenticate(credentials));
    if (user === undefined) {
      res.status(401).json({ message: 'The username or the password is wrong.' });
      return;
    }
    await stepUp(user, req, deviceOf(req, res));
    giveSessionCookie(req, res, bank.sessions.open(user.id, sessionCookie(req)));
    res.json({ username: user.username });
  };
}
