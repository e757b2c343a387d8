import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Emulator } from 'authsignal-guard/emulator';

const SDK = readFileSync(fileURLToPath(import.meta.resolve('@authsignal/browser')), 'utf8');

const APP = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><script type="module" src="/app.js"></script></head><body><main><h1>Shop</h1>
<button>popup</button> <button>window</button> <button>redirect</button>
<p>Result: <output id="result">none</output></p><p>Errors: <output id="errors">[]</output></p></main></body></html>`;

const appScript = ({ tenantId, apiUrl }: Emulator) => `
import { Authsignal } from '/sdk.js';
const authsignal = new Authsignal(${JSON.stringify({ tenantId, baseUrl: apiUrl })});
const url = new URLSearchParams(location.search).get('url');
const errors = [];
const onError = (error) => {
  errors.push(error);
  document.getElementById('errors').textContent = JSON.stringify(errors);
};
for (const button of document.querySelectorAll('button')) {
  button.addEventListener('click', async () => {
    const answer = await authsignal.launch(url, { mode: button.textContent, onError });
    document.getElementById('result').textContent = JSON.stringify(answer);
  });
}
`;

/** An app on an origin of its own, with the browser SDK as it is published. */
export interface AppSite {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startAppSite(emulator: Emulator): Promise<AppSite> {
  const files: Readonly<Record<string, readonly [string, string]>> = {
    '/app.js': ['text/javascript', appScript(emulator)],
    '/sdk.js': ['text/javascript', SDK],
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const [type, text] = files[pathname] ?? ['text/html', APP];
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
