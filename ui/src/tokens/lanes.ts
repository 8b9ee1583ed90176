import type { Encoding } from '../bindings/Encoding';
import type { Lane } from '../bindings/Lane';

/** No more lanes than these fit beside one another. */
export const MOST_LANES = 6;

interface LaneInfo {
  id: Lane;
  /** What stands beside its rows. */
  short: string;
  /** One of what it counts. */
  unit: string;
  says: string;
  /** Whether its pieces have ids. */
  isEncoding: boolean;
}

function encoding(id: Encoding | 'gpt2', short: string, says: string): LaneInfo {
  return { id, short, unit: 'token', says, isEncoding: true };
}

/** Every way to cut a text, the newest encoding first. */
export const LANES: readonly LaneInfo[] = [
  encoding('o200k_base', 'o200k', 'gpt-4o, gpt-4.1, gpt-5 and the o-series, since 2024'),
  encoding(
    'o200k_harmony',
    'harmony',
    'gpt-oss: cuts as o200k_base does, with more special tokens',
  ),
  encoding('cl100k_base', 'cl100k', 'gpt-4, gpt-3.5-turbo and text embeddings, since 2022'),
  encoding('p50k_base', 'p50k', 'the code models of 2022'),
  encoding('r50k_base', 'r50k', 'gpt-3, since 2020'),
  encoding('gpt2', 'gpt2', 'gpt-2, since 2019: the same vocabulary as r50k_base'),
  {
    id: 'bytes',
    short: 'bytes',
    unit: 'byte',
    says: 'how a computer keeps the text, in UTF-8',
    isEncoding: false,
  },
  {
    id: 'characters',
    short: 'characters',
    unit: 'character',
    says: 'what a person would count as one letter or sign',
    isEncoding: false,
  },
  {
    id: 'words',
    short: 'words',
    unit: 'word',
    says: 'what dictionaries and word counters take for a word',
    isEncoding: false,
  },
];

export function laneInfo(id: Lane): LaneInfo {
  const found = LANES.find((lane) => lane.id === id);
  if (!found) throw new Error(`There is no lane ${id}.`);
  return found;
}

/** `lanes` with the one at `from` moved by `step` places, as far as there are places. */
export function moved(lanes: readonly Lane[], from: number, step: number): Lane[] {
  const to = Math.min(Math.max(from + step, 0), lanes.length - 1);
  const lane = lanes[from];
  if (lane === undefined) return [...lanes];
  return lanes.toSpliced(from, 1).toSpliced(to, 0, lane);
}
