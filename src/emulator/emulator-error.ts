export type EmulatorErrorCode =
  | 'option_invalid'
  | 'port_in_use'
  | 'cannot_listen'
  | 'data_file_invalid'
  | 'data_file_unreadable'
  | 'data_file_unwritable'
  | 'config_unreadable'
  | 'flag_invalid'
  | 'code_timeout'
  | 'record_unknown';

/** Why the emulator could not start or go on: one sentence, and a stable `code`. */
export class EmulatorError extends Error {
  override readonly name = 'EmulatorError';

  constructor(
    readonly code: EmulatorErrorCode,
    message: string,
  ) {
    super(message);
  }
}
