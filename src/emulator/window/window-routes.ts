import { type Answer, ok, withHeaders } from '../answer.js';
import type { Route, WindowRoute } from '../call.js';
import { pageFile } from '../page-files.js';
import { WINDOW_FILES } from '../pages/window.embedded.js';
import { notFound } from '../refusals.js';
import { ACTION_COMMANDS } from './action-commands.js';
import type { ControlRoom, WindowCall } from './control-room.js';
import { ROOM_COMMANDS } from './room-commands.js';
import { USER_COMMANDS } from './user-commands.js';
import type { WindowCommand } from './window-command.js';
import { windowState } from './window-state.js';

/** How long a question for news is held open; well below what proxies and browsers give up at. */
const HELD_MS = 25_000;

const COMMANDS: ReadonlyMap<string, WindowCommand> = new Map(
  Object.entries({ ...USER_COMMANDS, ...ACTION_COMMANDS, ...ROOM_COMMANDS }),
);

const shown = (answer: Answer): Answer =>
  withHeaders(answer, {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  });

async function stateAnswer(room: ControlRoom, call: WindowCall): Promise<Answer> {
  const after = call.query.get('after');
  if (after !== null) await room.changes.next(after, HELD_MS, call.gone);
  return shown(ok(windowState(room)));
}

function commandAnswer(room: ControlRoom, call: WindowCall): Answer {
  const command = COMMANDS.get(call.params.name ?? '');
  if (command === undefined) return notFound('The window has no such command.');
  return shown(command(room, call.body));
}

const file = (path: string, nameOf: (call: WindowCall) => string): WindowRoute => ({
  api: 'window',
  visit: 'file',
  method: 'GET',
  path,
  call: 'window',
  handle: (_, call) => shown(pageFile(WINDOW_FILES, nameOf(call), 'by-nobody')),
});

/** The page at `/`, and all that it asks for below `/window`. */
export const WINDOW_ROUTES: readonly Route[] = [
  file('/', () => 'index.html'),
  {
    api: 'window',
    visit: 'read',
    method: 'GET',
    path: '/window/state',
    call: 'window',
    handle: stateAnswer,
  },
  {
    api: 'window',
    visit: 'change',
    method: 'POST',
    path: '/window/commands/:name',
    call: 'window',
    handle: commandAnswer,
  },
  file('/window/:file', (call) => call.params.file ?? ''),
];
