import type { BatchState } from '../bindings/BatchState';
import type { CellState } from '../bindings/CellState';
import type { Variety } from '../bindings/Variety';
import { count, dollars, plural } from '../text';

/** How a call stands, in a word. */
export const PHASES: Record<CellState['state'], string> = {
  waiting: 'not sent yet',
  running: 'under way',
  finished: 'finished',
  failed: 'failed',
  interrupted: 'broken off',
  cancelled: 'stopped',
  lost: 'lost when the app ended',
};

/** Whether a call came to no good end, and can be sent once more. */
export const isBroken = ({ state }: CellState): boolean =>
  state === 'failed' || state === 'interrupted' || state === 'cancelled' || state === 'lost';

/** The number of the group of equal replies that a call is in; none while it is not compared. */
export function groupOf(variety: Variety | undefined, run: string | null): number | undefined {
  if (!variety || run === null) return undefined;
  const at = variety.groups.findIndex(({ runs }) => runs.includes(run));
  return at < 0 ? undefined : at;
}

/** What a batch has come to so far, in a line. */
export function progress(state: BatchState, isFree: boolean): string {
  const { total, done, failed, stopped, broken, spent, unknown } = state;
  const bad = failed + broken;
  const cost = isFree
    ? 'free'
    : `${dollars(spent)}${unknown > 0 ? `, ${count(unknown)} of unknown cost` : ''}`;
  const parts = [
    `${count(done)} of ${count(total)}`,
    bad > 0 ? `${count(bad)} failed` : '',
    stopped > 0 ? `${count(stopped)} stopped` : '',
    cost,
  ];
  return parts.filter(Boolean).join(' · ');
}

/** How it stands as a whole, where that is worth a word. */
export function standing({ state, why, running, waiting }: BatchState): string {
  switch (state) {
    case 'running':
      return `${plural(running, 'call')} under way`;
    case 'pausing':
      return `Pausing: ${plural(running, 'call')} still under way`;
    case 'paused':
      return why ?? `Paused: ${plural(waiting, 'call')} not sent yet`;
    case 'stopped':
      return why ?? `Stopped: ${plural(waiting, 'call')} not sent`;
    case 'done':
      return 'Done';
    default:
      return state satisfies never;
  }
}

/**
 * The same for those who listen, with the names of those who are `slow` to be asked. It changes when
 * something begins or ends, and not with every call or second.
 */
export function heard(board: BatchState, slow: readonly string[]): string {
  if (board.state === 'pausing') return 'Pausing';
  if (board.state !== 'running') return standing(board);
  const who = slow.length > 0 ? ` ${slow.join(' and ')} asked for a pause.` : '';
  return `${plural(board.total, 'call')} under way.${who}`;
}

/** A label in two: the words of what is varied, and its value, which is what the eye looks for. */
export function headed(label: string): { name: string; value: string } {
  const match = /^((?:temperature|top[ _]p|max[ _]tokens)) (\S+)$/i.exec(label);
  return match ? { name: match[1] ?? '', value: match[2] ?? '' } : { name: '', value: label };
}
