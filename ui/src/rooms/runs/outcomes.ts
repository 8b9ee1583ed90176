import type { Outcome } from '../../bindings/Outcome';

/** How a run ended, in a word or three. */
export const OUTCOMES: Record<Outcome, string> = {
  finished: 'finished',
  interrupted: 'broke off',
  failed: 'failed',
  cancelled: 'stopped',
  lost: 'app closed',
  running: 'running',
};

/** The day of a run as a heading, in the person's own calendar. */
export function dayOf(ms: number, now = Date.now()): string {
  const day = (time: number) => new Date(time).toDateString();
  if (day(ms) === day(now)) return 'Today';
  if (day(ms) === day(now - 86_400_000)) return 'Yesterday';
  return new Intl.DateTimeFormat('en', { dateStyle: 'full' }).format(ms);
}
