import { once } from 'node:events';
import { createStepUpGate } from 'authsignal-guard';
import { approvalOf, requireAction, whatsAppRouter } from 'authsignal-guard/express';
import express from 'express';
import { ACTION, flowOptions, gateOptions } from './options.mjs';

/** @returns the port. */
export async function startExpress(settings, { payments, connection }) {
  const gate = createStepUpGate(gateOptions(settings, connection.redis));
  const app = express();
  app.use(express.json());
  app.get('/rates', (_req, res) => res.json({ nzd: 1 }));
  app.post('/payments', requireAction(gate, ACTION), (req, res, next) => {
    payments.create(approvalOf(req), req.body).then((paid) => res.status(201).json(paid), next);
  });
  app.use('/whatsapp', whatsAppRouter(gate, flowOptions(settings, connection.redis)));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.once('SIGTERM', async () => {
    server.close();
    await once(server, 'close');
    await gate.close();
    await connection.close();
    payments.close();
  });
  return server.address().port;
}
