import type { Lane } from '../../compare/compare.svelte';
import type { Run } from '../../run.svelte';
import { count } from '../../text';

/** A lane as a chart is given it: `run` as far as it is seen, and the whole of it. */
export interface SeenLane extends Lane {
  whole: Run;
}

/** A figure of every lane, as a column of a table. */
export interface LaneColumn {
  name: string;
  /** What it is, where its name does not say it. */
  title?: string | undefined;
  /** The figure of the lane at a place; nothing where it is not known. */
  of: (lane: SeenLane, at: number) => string | undefined;
  /** Whether it is what the table is looked at for. */
  isMain?: boolean;
}

/** A count that a provider may not have told. */
export const counted = (value: number | null | undefined): string | undefined =>
  value == null ? undefined : count(value);

/** How the line of a lane is drawn: colour and pattern, so that neither is needed alone. */
export const LINES = [
  { colour: 'var(--accent)', dashes: 'none' },
  { colour: 'var(--good)', dashes: '7 4' },
  { colour: 'var(--key)', dashes: '2 3' },
  { colour: 'var(--num)', dashes: '10 3 2 3' },
] as const;

export function lineOf(at: number): (typeof LINES)[number] {
  return LINES[at % LINES.length] ?? LINES[0];
}
