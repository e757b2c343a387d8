import { App } from './app.js';
import { Authsignal } from './authsignal.js';
import { Flow } from './flow.js';

const query = new URLSearchParams(location.search);
const token = query.get('token') ?? '';
const app = new App({ token, isPopup: query.get('mode') === 'popup' });
const authsignal = new Authsignal(token, (errorCode, statusCode) =>
  app.failed(errorCode, statusCode),
);
const flow = new Flow(app, authsignal);

const card = document.getElementById('card');
if (card !== null) app.fit(card);

// The browser's dialogs close with Escape; the SDK's does not hear keys that are pressed in here.
document.addEventListener('keydown', ({ key }) => {
  if (key === 'Escape' && app.isPopup) flow.giveUp();
});
// Kept by the browser and shown again: what it says may have been overtaken.
window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload();
});

void flow.start();
