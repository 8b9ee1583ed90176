import type { FinishReason } from '../../bindings/FinishReason';
import type { Run } from '../../run.svelte';

/** Why a reply ended, in words; the provider's own word stands beside it. */
export const FINISHED: Record<FinishReason, string> = {
  stop: 'ended by itself',
  length: 'cut off by the length limit',
  tool_calls: 'asks for a tool',
  refusal: 'the model declined',
  content_filter: 'held back by a filter',
  other: 'ended',
};

/** What went wrong, by its kind alone: no word of a server's, which may name itself. */
export function failure(run: Run): string {
  return run.error?.title ?? 'Not sent';
}

/** How a run ended, in one line. */
export function ending(run: Run): string {
  if (run.state === 'cancelled') return 'You stopped it. What had been written is still billed.';
  if (run.state === 'lost') return 'The recording ends here: the app was closed while it ran.';
  return run.finish ? FINISHED[run.finish.reason] : '';
}
