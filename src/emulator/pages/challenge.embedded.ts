// Made by scripts/embed-pages.mjs from the files in challenge/, with every build.
export const CHALLENGE_FILES: ReadonlyMap<string, string> = new Map([
]);
