/**
 * A framework's request in our own shape. Adapters make it; policies and the gate read it.
 *
 * @typeParam Body what `body` holds: `unknown` until the policy's `body` has validated it.
 * @typeParam Raw the framework's own request.
 */
export interface ActionRequest<Body = unknown, Raw = unknown> {
  readonly transport: 'http' | 'graphql' | 'ws' | 'rpc';
  /** Upper case. HEAD reads `GET`, because it runs the GET handler. */
  readonly method: string;
  /** The path that was routed, without the query. */
  readonly path: string;
  /** The route's pattern, such as `/payments/:id`; empty where there is none. */
  readonly route: string;
  /** Where the framework names it: the handler, such as `PaymentsController.create`. */
  readonly handler?: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Body;
  /**
   * `unread` when the request declares a body that no parser has read. Nothing of it could be
   * bound, so the gate refuses such a request.
   */
  readonly bodyState: 'absent' | 'read' | 'unread';
  /** The client's address behind the framework's own proxy setting. */
  readonly ip: string | undefined;
  readonly raw: Raw;
}
