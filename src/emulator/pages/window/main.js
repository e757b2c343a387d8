import { actionsPanel } from './actions-panel.js';
import { clockPanel } from './clock-panel.js';
import { follow } from './connection.js';
import { byId, el, setText } from './dom.js';
import { EmulatorTime } from './emulator-time.js';
import { faultsPanel } from './faults-panel.js';
import { inboxPhone } from './inbox-phone.js';
import { newsReader } from './news.js';
import { requestsPanel } from './requests-panel.js';
import { settingsPanel } from './settings-panel.js';
import { switchesPanel } from './switches-panel.js';
import { usersPanel } from './users-panel.js';

/** @import { WindowView } from './view.js' */

const time = new EmulatorTime();
const inbox = inboxPhone(byId('inbox'), time);
const readNews = newsReader();
const clock = clockPanel(time);
const middle = [actionsPanel(time), usersPanel(), requestsPanel(time)];
const side = [clock, settingsPanel(), faultsPanel(), switchesPanel()];
byId('middle').append(...middle.map(({ node }) => node));
byId('side').append(...side.map(({ node }) => node));

/** @param {WindowView} view */
function show(view) {
  time.follow(view.clock);
  byId('room').hidden = false;
  byId('lost').hidden = true;
  setLink('live', 'Live');
  setText(byId('where'), `${view.tenant.tenantId} · ${view.tenant.apiUrl}`);
  const faults = view.faults.items.length + view.faults.more;
  byId('fault-count').hidden = faults === 0;
  setText(byId('fault-count'), faults === 1 ? '1 fault is on' : `${faults} faults are on`);
  inbox.update(view);
  for (const part of [...middle, ...side]) part.update(view);
  readNews(view.messages.items);
}

/** @param {string} problem */
function showLoss(problem) {
  setLink('lost', 'Connection lost');
  const words =
    problem === ''
      ? 'Connection lost. The emulator does not answer: was it stopped? What you see is as it was.'
      : `Connection lost. ${problem}`;
  const again = el('button', { type: 'button', onclick: () => hurry() }, 'Try now');
  byId('lost').replaceChildren(el('p', {}, words), again);
  byId('lost').hidden = false;
}

/**
 * @param {string} state
 * @param {string} words
 */
function setLink(state, words) {
  byId('link').dataset.state = state;
  setText(byId('link'), words);
}

const hurry = follow({ changed: show, lost: showLoss });
setInterval(() => {
  // What is shown then is as it was, the time too.
  if (byId('link').dataset.state !== 'live') return;
  clock.tick();
  inbox.tick();
}, 1_000);
