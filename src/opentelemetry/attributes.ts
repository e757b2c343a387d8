/** The attributes that are no semantic convention of OpenTelemetry's own. */
export const ACTION = 'authsignal_guard.action';
export const BY = 'authsignal_guard.by';
export const CALL = 'authsignal_guard.call';
export const CALLBACK = 'authsignal_guard.callback';
export const CODE = 'authsignal_guard.code';
export const EVALUATION_ID = 'authsignal_guard.evaluation_id';
export const LIMIT = 'authsignal_guard.limit';
export const MODE = 'authsignal_guard.mode';
export const OUTCOME = 'authsignal_guard.outcome';
export const PURPOSE = 'authsignal_guard.purpose';
export const REASON = 'authsignal_guard.reason';
export const RESENT = 'authsignal_guard.resent';
export const STATE = 'authsignal_guard.state';
export const STEP = 'authsignal_guard.step';
export const STORE = 'authsignal_guard.store';
export const TRANSPORT = 'authsignal_guard.transport';
export const VERDICT = 'authsignal_guard.verdict';
export const VERIFICATION_METHOD = 'authsignal_guard.verification_method';
export const WHY = 'authsignal_guard.why';

/** Those that are. Written out, so that no further package is needed. */
export const ENDUSER_PSEUDO_ID = 'enduser.pseudo.id';
export const ERROR_TYPE = 'error.type';
export const HTTP_METHOD = 'http.request.method';
export const HTTP_ROUTE = 'http.route';
export const HTTP_STATUS = 'http.response.status_code';
export const SERVER_ADDRESS = 'server.address';
export const SERVER_PORT = 'server.port';
export const URL_TEMPLATE = 'url.template';
