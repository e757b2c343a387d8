// Made by scripts/embed-pages.mjs from the files in window/, with every build.
export const WINDOW_FILES: ReadonlyMap<string, string> = new Map([
  ["index.html", "<!doctype html>\n"],
]);
