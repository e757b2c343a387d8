import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Pages with a real origin, which `history`, `Request` and cookies need. */
export interface PageHost {
  /** With a slash at the end. */
  readonly origin: string;
  close(): Promise<void>;
}

/** Serves a page for each script, under the script's name, on a free port of loopback. */
export async function startPageHost(scripts: ReadonlyMap<string, string>): Promise<PageHost> {
  const server = createServer(({ url = '' }, answer) => {
    const name = url.replace(/^\/|\.js$/g, '');
    const script = scripts.get(name);
    const type =
      script === undefined ? 'text/plain' : url.endsWith('.js') ? 'text/javascript' : 'text/html';
    answer.writeHead(script === undefined ? 404 : 200, {
      'content-type': `${type}; charset=utf-8`,
    });
    answer.end(type === 'text/html' ? pageOf(name) : script);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const pageOf = (name: string): string =>
  `<!doctype html><title>${name}</title><link rel="icon" href="data:,"><script type="module" src="/${name}.js"></script>`;
