const { createStepUpGate } = require('authsignal-guard');
const { authsignalWebhook, requireAction, whatsAppRouter } = require('authsignal-guard/express');
const express = require('express');

const gateFor = (...actions) =>
  createStepUpGate({
    apiSecretKey: 'a secret for tests alone',
    apiUrl: 'http://127.0.0.1:9/v1',
    subject: () => 'ann',
    actions,
  });

const gate = gateFor('pay');

const app = express();
app.post('/pay', requireAction(gate, 'pay'), function pay(_req, res) {
  res.json({});
});

const forgotten = express();
forgotten.post('/pay', (_req, res) => {
  res.json({});
});
forgotten.post('/webhook', authsignalWebhook(gateFor('pay')));

// The flow's own action guards the flow alone.
const messages = express();
messages.use(
  '/whatsapp',
  whatsAppRouter(gateFor('enrollWhatsApp'), { countries: ['NZ'], enrollment: {} }),
);

// Ends the process as soon as it was listed, before anything is printed.
const hasty = express();
hasty.post('/webhook', authsignalWebhook(gateFor('pay')));
const { enabled } = hasty;
hasty.enabled = (setting) => {
  process.nextTick(() => process.exit(0));
  return enabled.call(hasty, setting);
};

module.exports = { default: app, app, forgotten, messages, hasty, nothing: 1 };
