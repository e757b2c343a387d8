/** What the user of the command can mend; its message is one sentence. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
