import type { Item } from './items';

/** Where the keys are: a column, and a part in it. */
export interface At {
  column: number;
  item: number;
}

/**
 * Where a key leads: up and down from part to part, across to what means the same in the column
 * beside; nothing for any other key.
 */
export function step(columns: readonly (readonly Item[])[], at: At, key: string): At | undefined {
  const items = columns[at.column] ?? [];
  const stops = items.flatMap(({ isStop }, index) => (isStop ? [index] : []));
  const now = stops.indexOf(at.item);
  const down = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: stops.length - 1 }[key];
  if (down !== undefined) {
    const item = stops[Math.min(Math.max(down, 0), stops.length - 1)];
    return item === undefined ? undefined : { ...at, item };
  }
  const across = { ArrowRight: 1, ArrowLeft: -1 }[key];
  if (across === undefined) return undefined;
  const column = at.column + across;
  const item = counterpart(columns[column] ?? [], items[at.item]);
  return item < 0 ? at : { column, item };
}

/** What means the same, or else the first part there is. */
function counterpart(items: readonly Item[], from: Item | undefined): number {
  const same = items.findIndex(
    ({ isStop, meanings }) => isStop && meanings.some((it) => from?.meanings.includes(it)),
  );
  return same >= 0 ? same : items.findIndex(({ isStop }) => isStop);
}
