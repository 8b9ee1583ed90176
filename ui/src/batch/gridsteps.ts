/** How far each key goes: down, and across. */
const STEPS: Partial<Record<string, readonly [number, number]>> = {
  ...{ ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] },
  ...{ Home: [0, -Infinity], End: [0, Infinity] },
};

/**
 * Where a key leads to in a grid of so many rows and columns, from a place written as `row column`;
 * nothing for keys that are not for walking.
 */
export function stepIn(
  place: string,
  key: string,
  rows: number,
  columns: number,
): string | undefined {
  const step = STEPS[key];
  if (!step) return undefined;
  const [row = 0, column = 0] = place.split(' ').map(Number);
  const within = (value: number, most: number) => Math.min(Math.max(value, 0), most - 1);
  return `${within(row + step[0], rows)} ${within(column + step[1], columns)}`;
}
