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
import type { AuthsignalConnection } from '../server/authsignal-connection.js';
import type { BankRequest } from '../server/bank-request.js';
import { endSession } from '../server/cookies.js';
import { numberFlows } from '../server/number-flows.js';
import { pageConfig } from '../server/page-config.js';
import { ROUTES } from '../server/routes.js';
import { webPage } from '../server/web-page.js';
import { answerError } from './answer-error.js';
import { login } from './login.js';
import { optionalSession, requireSession, userOf } from './require-session.js';

export function expressApp(
  bank: Bank,
  gate: StepUpGate<BankRequest>,
  authsignal: AuthsignalConnection,
  limits?: WhatsAppLimits,
): Express {
  const app = express();
  const signedIn = requireSession(bank);
  app.disable('x-powered-by');
  app.use(webPage(authsignal));
  // Nothing but JSON: a form of another site can send everything else.
  app.use(express.json());

  app.get('/routes', (_req, res) => void res.json(ROUTES));
  app.get('/config', (_req, res) => void res.json(pageConfig(authsignal)));
  app.post('/login', login(bank, gate));
  app.post('/logout', (req, res) => {
    endSession(req, res, bank.sessions);
    res.status(204).end();
  });
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
