/** What is drawn of a stretch of tokens that some replies have in common. */
export interface Stretch {
  /** The number of the stretch before it; null at the beginning. */
  parent: number | null;
  text: string;
  tokens: number;
  /** How many replies go through it, and how many end with it. */
  count: number;
  ends: number;
  /** The groups of equal replies that go through it. */
  groups: readonly number[];
}

/** A stretch with its place in the drawing: tokens across, lanes down. */
export interface Strand extends Stretch {
  index: number;
  lane: number;
  /** The lane that it comes from; its own at the beginning. */
  fromLane: number;
  from: number;
  to: number;
}

export interface Drawing {
  strands: Strand[];
  lanes: number;
  /** How many tokens the longest reply has. */
  tokens: number;
}

/**
 * Gives each stretch a lane. What most replies say goes straight on, the others leave below it, so
 * that equal replies are one line and different ones a fan.
 */
export function drawing(stretches: readonly Stretch[]): Drawing {
  const children = new Map<number | null, number[]>();
  stretches.forEach(({ parent }, index) => {
    const others = children.get(parent);
    if (others) others.push(index);
    else children.set(parent, [index]);
  });
  const strands: Strand[] = [];
  let lanes = 0;
  // A stack and not a recursion: a reply may part at every token.
  const open = byWeight(children.get(null), stretches).map((index) => ({ index, before: -1 }));
  while (open.length > 0) {
    const { index, before } = open.pop() ?? { index: 0, before: -1 };
    const stretch = stretches[index];
    if (!stretch) continue;
    const parent = strands[before];
    const isStraight = parent && children.get(stretch.parent)?.[0] === index;
    const lane = isStraight ? parent.lane : lanes++;
    const from = parent?.to ?? 0;
    const to = from + stretch.tokens;
    const at = strands.length;
    strands.push({ ...stretch, index, lane, fromLane: parent?.lane ?? lane, from, to });
    for (const child of byWeight(children.get(index), stretches))
      open.push({ index: child, before: at });
  }
  return { strands, lanes, tokens: Math.max(0, ...strands.map(({ to }) => to)) };
}

/**
 * Sorts in place, the heaviest first, then as the groups are listed, and returns the reverse: a
 * stack takes from the end.
 */
function byWeight(indices: number[] | undefined, stretches: readonly Stretch[]): number[] {
  const weight = (index: number) => stretches[index]?.count ?? 0;
  const first = (index: number) => Math.min(...(stretches[index]?.groups ?? []));
  indices?.sort((a, b) => weight(b) - weight(a) || first(a) - first(b));
  return [...(indices ?? [])].reverse();
}

/** How thick a strand is, in pixels: as much as the share of the replies that go through it. */
export function thickness(count: number, replies: number): number {
  return replies === 0 ? 0 : 2 + (10 * count) / replies;
}

/** The line of a strand: a bend out of the lane before it, then straight on. */
export function path(
  { from, to, lane, fromLane }: Strand,
  x: (token: number) => number,
  y: (lane: number) => number,
): string {
  const [start, end] = [x(from), x(to)];
  if (lane === fromLane) return `M${start} ${y(lane)}H${end}`;
  const bend = Math.min(x(from + 2), end) - start;
  const middle = start + bend / 2;
  return `M${start} ${y(fromLane)}C${middle} ${y(fromLane)} ${middle} ${y(lane)} ${start + bend} ${y(lane)}H${end}`;
}
