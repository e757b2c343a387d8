import { DEMO_USERS, type DemoUser } from '../bank/demo-users.js';
import type { AuthsignalConnection } from './authsignal-connection.js';

/** What `GET /config` tells the page. Nothing in it is secret. */
export interface PageConfig {
  /** For `new Authsignal()` of the Web SDK. */
  readonly authsignal: { readonly tenantId: string; readonly baseUrl: string };
  /** Where codes can be read if there is a stand-in. */
  readonly emulatorUrl?: string;
  /** Who can be tried out; their passwords are known to everybody. */
  readonly demoUsers: readonly Pick<DemoUser, 'username' | 'password' | 'story'>[];
}

export function pageConfig({ tenantId, apiUrl, emulator }: AuthsignalConnection): PageConfig {
  return {
    authsignal: { tenantId, baseUrl: apiUrl },
    ...(emulator === undefined ? {} : { emulatorUrl: emulator.url }),
    demoUsers: DEMO_USERS.map(({ username, password, story }) => ({ username, password, story })),
  };
}
