/**
 * A framework's request in our own shape. Adapters make it; policies and the gate read it.
 *
 * @typeParam Body what `body` holds: `unknown` until the policy's `body` has validated it.
 * @typeParam Raw the framework's own request.
 */
export interface ActionRequest<Body = unknown, Raw = unknown> {
  readonly transport: 'http' | 'graphql' | 'ws' | 'rpc';
  /**
   * Upper case. HEAD reads `GET`, because it runs the GET handler. GraphQL: `QUERY` or `MUTATION`;
   * a message of a socket or to a microservice: `MESSAGE`, or `EVENT` where nobody waits for an answer.
   */
  readonly method: string;
  /**
   * The path that was routed, without the query. GraphQL: type and field, `Mutation.pay`; sockets:
   * namespace or path and the event, `/bank/pay`; microservices: the pattern that was sent.
   */
  readonly path: string;
  /**
   * The route's pattern as declared, such as `/payments/:id`, without the path that an Express router
   * is mounted on; empty where there is none. GraphQL: as `path`; sockets: the event; microservices:
   * the handler's pattern, an object as canonical JSON.
   */
  readonly route: string;
  /** Where the framework names it: the handler, such as `PaymentsController.create`. */
  readonly handler?: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  /** Names in lower case. Sockets: of the handshake; microservices: the message's metadata. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** GraphQL: the arguments of the field. Messages: their data, without the proof. */
  readonly body: Body;
  /** GraphQL: the object whose field is asked for; not there for queries and mutations. */
  readonly parent?: unknown;
  /** What a message has brought as its proof. Goes before the header. */
  readonly proof?: unknown;
  /**
   * `unread` when the request declares a body that no parser has read. Nothing of it could be
   * bound, so the gate refuses such a request.
   */
  readonly bodyState: 'absent' | 'read' | 'unread';
  /** The client's address behind the framework's own proxy setting. */
  readonly ip: string | undefined;
  /**
   * HTTP and GraphQL: the platform's request. Sockets: the client, of `ws` or socket.io.
   * Microservices: Nest's context of the message, such as `TcpContext`.
   */
  readonly raw: Raw;
}
