import type { Server } from 'node:http';
import { EmulatorError } from './emulator-error.js';

/** Resolves to the port. @throws EmulatorError `port_in_use` or `cannot_listen` */
export function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new EmulatorError('port_in_use', `Port ${port} on ${host} is in use; choose another.`)
          : new EmulatorError(
              'cannot_listen',
              `Cannot listen on ${host}:${port} (${error.code ?? error.message}).`,
            ),
      );
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

export function stopListening(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** An address that can be called: one that means "every interface" is reached over loopback. */
export function urlOf(host: string, port: number): string {
  const callable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${callable.includes(':') ? `[${callable}]` : callable}:${port}`;
}
