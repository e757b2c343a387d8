const { createStepUpGate } = require('authsignal-guard');
const { requireAction } = require('authsignal-guard/express');
const express = require('express');

const gate = createStepUpGate({
  apiSecretKey: 'a secret for tests alone',
  apiUrl: 'http://127.0.0.1:9/v1',
  subject: () => 'ann',
  actions: ['pay'],
});

const app = express();
app.post('/pay', requireAction(gate, 'pay'), function pay(_req, res) {
  res.json({});
});

module.exports = { default: app, app, nothing: 1 };
