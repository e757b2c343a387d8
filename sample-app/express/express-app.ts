import type { StepUpGate } from 'authsignal-guard';
import {
  approvalOf,
  requireAction,
  stepUpErrorHandler,
  type WhatsAppLimits,
  whatsAppRouter,
} from 'authsignal-guard/express';
import express, { type Express } from 'express';
import { accountOf } from '../bank/account.js';
import type { Bank } from '../bank/bank.js';
import { CreatePaymentDto } from '../bank/create-payment.dto.js';
import type { BankRequest } from '../server/bank-request.js';
import { numberFlows } from '../server/number-flows.js';
import { ROUTES } from '../server/routes.js';
import { answerError } from './answer-error.js';
import { login } from './login.js';
import { optionalSession, requireSession, userOf } from './require-session.js';

export function expressApp(
  bank: Bank,
  gate: StepUpGate<BankRequest>,
  limits?: WhatsAppLimits,
): Express {
  const app = express();
  const signedIn = requireSession(bank);
  app.disable('x-powered-by');
  // Nothing but JSON: a form of another site can send everything else.
  app.use(express.json());

  app.get('/', (_req, res) => void res.json(ROUTES));
  app.post('/login', login(bank, gate));
  app.get('/me', signedIn, (req, res) => {
    const user = userOf(req);
    res.json(accountOf(user, bank.notices.of(user.id)));
  });
  app.get('/payments', signedIn, (req, res) => void res.json(bank.payments.of(userOf(req).id)));
  app.post(
    '/payments',
    signedIn,
    requireAction(gate, 'createPayment', {
      body: CreatePaymentDto,
      bind: ({ body: { amount, currency, payee } }) => ({ amount, currency, payee }),
      attributes: ({ body: { amount, currency, payee } }) => ({
        custom: { amount, currency, payee },
      }),
    }),
    (req, res) => {
      const payment = bank.payments.add(userOf(req).id, approvalOf<CreatePaymentDto>(req));
      if (payment === undefined) {
        res.status(409).json({ message: 'This approval was used for another payment.' });
      } else {
        res.status(201).json(payment);
      }
    },
  );

  app.use('/whatsapp', optionalSession(bank), whatsAppRouter(gate, numberFlows(bank, limits)));

  app.use(stepUpErrorHandler, answerError);
  return app;
}
