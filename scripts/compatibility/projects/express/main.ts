import type { AddressInfo } from 'node:net';
import { createStepUpGate } from 'authsignal-guard';
import {
  approvalOf,
  authsignalWebhook,
  requireAction,
  stepUpErrorHandler,
  webhookEventOf,
  whatsAppRouter,
} from 'authsignal-guard/express';
import express, { type Request } from 'express';
import { type Settings, type Started, tellStory } from './story.js';

async function startApp(settings: Settings): Promise<Started> {
  const gate = createStepUpGate<Request>({ ...settings, subject: () => 'ann' });
  const app = express();
  app.post('/webhooks/authsignal', authsignalWebhook(gate), (req, res) => {
    res.json({ type: webhookEventOf(req).type });
  });
  app.use(express.json());
  app.use('/whatsapp', whatsAppRouter(gate, { countries: ['NZ'], enrollment: {} }));
  app.post('/payments', requireAction(gate, 'createPayment'), (req, res) => {
    res.status(201).json({ paid: req.body, proof: approvalOf(req).proofId });
  });
  app.use(stepUpErrorHandler);
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await gate.close();
    },
  };
}

tellStory(startApp).then((statuses) => console.log(JSON.stringify(statuses)));
