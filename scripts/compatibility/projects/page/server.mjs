// Serves the built page and what it pays at. Prints where.
import { createStepUpGate, MemoryReplayStore } from 'authsignal-guard';
import { startEmulator } from 'authsignal-guard/emulator';
import { requireAction } from 'authsignal-guard/express';
import express from 'express';

const PHONE = '+64211234567';

const emulator = await startEmulator({ actions: { createPayment: { outcome: 'CHALLENGE' } } });
emulator.users.enroll('ann', { phoneNumber: PHONE });
const gate = createStepUpGate({
  apiSecretKey: emulator.secret,
  apiUrl: emulator.apiUrl,
  replayStore: new MemoryReplayStore(),
  subject: () => 'ann',
});

const app = express();
app.use(express.static('dist'));
app.get('/settings', (_req, res) => {
  res.json({ tenantId: emulator.tenantId, baseUrl: emulator.apiUrl });
});
app.get('/code', async (_req, res) => {
  res.type('text').send(await emulator.inbox.waitForCode(PHONE));
});
app.post('/payments', express.json(), requireAction(gate, 'createPayment'), (_req, res) => {
  res.status(201).json({});
});
const server = app.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/`);
});
