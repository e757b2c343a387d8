/** The part of jsdom that is used here; the package brings no types. */
declare module 'jsdom' {
  interface DomWindow {
    readonly document: { readonly cookie: string };
    close(): void;
  }
  export class JSDOM {
    constructor(html: string, options: { readonly url: string });
    readonly window: DomWindow;
  }
}
