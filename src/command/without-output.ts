/** Runs it with everything that it prints on the standard output sent to the standard error output instead. */
export async function withoutOutput<Result>(run: () => Promise<Result>): Promise<Result> {
  const { stdout, stderr } = process;
  const write = stdout.write;
  stdout.write = stderr.write.bind(stderr);
  try {
    return await run();
  } finally {
    stdout.write = write;
  }
}
