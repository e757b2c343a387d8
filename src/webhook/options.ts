/** What a webhook route may say of itself. */
export interface WebhookOptions {
  /**
   * Each webhook of an application remembers its events under a name of its own, the same in every process. Needed in
   * Express where there are several. Default: `webhook`; in Nest the class and the method.
   */
  readonly name?: string;
  /**
   * The Server API secrets of one tenant, of which one must have signed, or a function that is asked once at start. Default: the
   * gate's own. Give two while one takes the place of the other.
   */
  readonly apiSecretKeys?: readonly string[] | (() => readonly string[]);
  /** How far the time of the signature may be from now, either way, in milliseconds. Default 300,000. */
  readonly toleranceMs?: number;
  /**
   * How long an event is remembered, so that it is handled once, in milliseconds. At least twice `toleranceMs`, for so
   * long a signature may hold; 60 s are added for clocks that differ. Default 86,400,000, one day.
   */
  readonly rememberMs?: number;
  /** Events of any other tenant are refused. Give it where `apiSecretKeys` are of more than one. */
  readonly tenantId?: string;
  /** Larger bodies are answered 413. Default 1,048,576. */
  readonly maxBodyBytes?: number;
}
