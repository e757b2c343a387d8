/** The version is that of package.json; a test holds the two together. */
export const USER_AGENT = 'authsignal-guard/0.1.0';
