/** How the command ends. */
export const EXIT = Object.freeze({
  /** Everything that was asked is as the emulator has it by default. */
  same: 0,
  /** The answers are incomplete: something could not be asked, or the run broke off. */
  error: 1,
  /** Nothing was asked: keys or flags are missing or wrong. */
  refused: 2,
  /** Something differs. */
  differs: 3,
});
