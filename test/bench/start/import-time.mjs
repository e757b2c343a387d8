// Run on its own: says how long one import took, as `{"ms":…}`.
const [, , subpath = ''] = process.argv;
const started = performance.now();
await import(subpath);
process.stdout.write(JSON.stringify({ ms: performance.now() - started }));
