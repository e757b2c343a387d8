const { createStepUpGate } = require('authsignal-guard');
const { authsignalWebhook, requireAction } = require('authsignal-guard/express');
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

module.exports = { default: app, app, forgotten, nothing: 1 };
