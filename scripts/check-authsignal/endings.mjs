/** A question that is left out for a reason that is nobody's fault. The message is the reason. */
export class NotAsked extends Error {}

/** A step before the question was answered in a way that leaves nothing to ask with. */
export class Stuck extends Error {}

/** The command cannot be run like this: one sentence. */
export class Refusal extends Error {}

/** The run is over before its end: the service is out of reach, or the command was interrupted. */
export class BrokenOff extends Error {}
