/** What Express keeps of a path, in one of its versions. */
export interface PathKeeper {
  /** Express 5, its newer versions. */
  readonly rawPath?: unknown;
  readonly slash?: boolean;
  /** Express 4. */
  readonly regexp?: RegExp & { readonly fast_slash?: boolean };
  readonly keys?: readonly { readonly name?: unknown }[];
}

/** Of what the framework does not tell. */
export const UNTOLD = '…';

/** Where something is mounted, without a slash at its end: empty for everywhere. */
export function mountPath({ rawPath, slash, regexp, keys = [] }: PathKeeper): string {
  if (slash === true || regexp?.fast_slash === true) {
    return '';
  }
  if (rawPath !== undefined) {
    return pathsText(rawPath);
  }
  return regexp === undefined ? `/${UNTOLD}` : pathOfRegExp(regexp, keys);
}

/** A path as it was given: a text, a regular expression or a list. */
export function pathsOf(path: unknown): readonly string[] {
  return [path].flat(Number.POSITIVE_INFINITY).map(String);
}

function pathsText(path: unknown): string {
  const paths = [path].flat(Number.POSITIVE_INFINITY);
  const [first] = paths;
  return paths.length === 1 && typeof first === 'string' ? first.replace(/\/$/, '') : `/${UNTOLD}`;
}

/** What path-to-regexp 0.1 makes of a mount path. */
const PREFIX = /^\^(.*?)\\\/\?\(\?=\\\/\|\$\)$/;
const PARAMETER = '(?:\\/([^/]+?))';

function pathOfRegExp(regexp: RegExp, keys: NonNullable<PathKeeper['keys']>): string {
  const [, source] = PREFIX.exec(regexp.source) ?? [];
  if (source === undefined) {
    return `/${UNTOLD}`;
  }
  const names = keys.map(({ name }) => String(name));
  const path = source
    .split(PARAMETER)
    .map((part, index) => (index === 0 ? part : `/:${names[index - 1] ?? UNTOLD}${part}`))
    .join('')
    .replace(/\\([/.-])/g, '$1');
  return /[()[\]^$*+?|\\]/.test(path) ? `/${UNTOLD}` : path;
}
