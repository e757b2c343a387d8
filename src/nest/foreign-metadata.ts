// What Nest's other packages keep at classes and methods. By their names: the packages may not be installed.

/** Of a method: `Query`, `Mutation` or `Subscription`. */
export const RESOLVER_TYPE = 'graphql:resolver_type';
/** Of a method: the name of its field, if it has one of its own. Of a class: the type whose fields it resolves. */
export const RESOLVER_NAME = 'graphql:resolver_name';
export const RESOLVES_PROPERTY = 'graphql:resolve_property';
export const RESOLVES_REFERENCE = 'graphql:resolve_reference';

export const SOCKET_MESSAGE = 'websockets:message_mapping';
/** The event that a gateway's method is for. */
export const SOCKET_EVENT = 'message';

export const PATTERN_HANDLER = 'microservices:handler_type';
export const RPC_TRANSPORT = 'microservices:transport';
/** The patterns that a method is for. */
export const PATTERNS = 'microservices:pattern';

/** What `@ApiExcludeController` and `@ApiExcludeEndpoint` say. */
export const CONTROLLER_LEFT_OUT = 'swagger/apiExcludeController';
export const ENDPOINT_LEFT_OUT = 'swagger/apiExcludeEndpoint';
