/** What of a page is used here. */
interface Page {
  readonly location: { readonly href: string };
  readonly history: {
    readonly state: unknown;
    replaceState(state: unknown, unused: string, url: string): void;
  };
  addEventListener(type: string, listener: (event: Event) => void): void;
  dispatchEvent(event: Event): boolean;
}

declare const location: Page['location'];
declare const history: Page['history'];
declare const dispatchEvent: Page['dispatchEvent'];

/** Node has no page; this one goes nowhere, either. */
function pageInNode(): Page {
  const events = new EventTarget();
  const at = { href: 'http://127.0.0.1/', state: undefined as unknown };
  return {
    location: {
      get href() {
        return at.href;
      },
    },
    history: {
      get state() {
        return at.state;
      },
      replaceState(state, _unused, url) {
        at.state = structuredClone(state);
        const next = new URL(url, at.href);
        if (next.origin !== new URL(at.href).origin) {
          throw new DOMException('That is another origin.', 'SecurityError');
        }
        at.href = next.href;
      },
    },
    addEventListener: events.addEventListener.bind(events),
    dispatchEvent: events.dispatchEvent.bind(events),
  };
}

if (!('location' in globalThis)) {
  Object.assign(globalThis, pageInNode());
}

/** The page's own. */
export const pageHistory = (): Page['history'] => history;

/** The page that the test runs in, or its like, as if it had been opened at that path. */
export function openPage(path: string, state?: unknown): void {
  if (!('document' in globalThis)) {
    Object.assign(globalThis, { document: { baseURI: '' } });
    Object.defineProperty(Reflect.get(globalThis, 'document'), 'baseURI', {
      get: () => location.href,
    });
  }
  history.replaceState(state, '', pageOrigin() + path);
}

export const pageOrigin = (): string => new URL(location.href).origin;

/** What the address bar shows after the origin. */
export function address(): string {
  const { pathname, search, hash } = new URL(location.href);
  return pathname + search + hash;
}

/** As when the page is shown: `persisted` if the browser had kept it and the user came back. */
export function showPage(persisted: boolean): void {
  dispatchEvent(Object.assign(new Event('pageshow'), { persisted }));
}
