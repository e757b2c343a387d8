import type { StepUpEvent } from './events.js';

/** Hands an event over. Nothing that the application throws or rejects with gets any further than `failed`. */
export function tellApplication(
  onEvent: ((event: StepUpEvent) => unknown) | undefined,
  event: StepUpEvent,
  failed: (error: unknown) => void,
): void {
  try {
    // An async function may stand where the type says void; nobody else would catch its rejection.
    Promise.resolve(onEvent?.(event)).catch(failed);
  } catch (error) {
    failed(error);
  }
}
