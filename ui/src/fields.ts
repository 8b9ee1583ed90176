/** A field of a request that is not the same in two requests. Values are JSON as text. */
export interface FieldChange {
  /** Where it is, as a JSON pointer: `/messages/1/content`. */
  pointer: string;
  kind: 'added' | 'removed' | 'changed';
  before?: string;
  after?: string;
}

/** So many changes are told, and so deep is looked. */
export const MOST_CHANGES = 500;
const DEEPEST = 100;

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The fields that differ; nothing if one of the bodies is no JSON. At most `MOST_CHANGES`. */
export function fieldChanges(before: string, after: string): FieldChange[] | undefined {
  try {
    const changes: FieldChange[] = [];
    collect('', JSON.parse(before) as Json, JSON.parse(after) as Json, changes, 0);
    return changes.slice(0, MOST_CHANGES);
  } catch {
    return undefined;
  }
}

function isTree(value: Json | undefined): value is Json[] | { [key: string]: Json } {
  return typeof value === 'object' && value !== null;
}

function collect(
  pointer: string,
  before: Json | undefined,
  after: Json | undefined,
  changes: FieldChange[],
  depth: number,
): void {
  if (changes.length >= MOST_CHANGES) return;
  const isBoth = isTree(before) && isTree(after) && Array.isArray(before) === Array.isArray(after);
  if (isBoth && depth < DEEPEST) {
    const [old, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
    for (const key of new Set([...old.keys(), ...now.keys()])) {
      const part = key.replaceAll('~', '~0').replaceAll('/', '~1');
      collect(`${pointer}/${part}`, old.get(key), now.get(key), changes, depth + 1);
    }
    return;
  }
  const [old, now] = [JSON.stringify(before), JSON.stringify(after)];
  if (old === now) return;
  if (before === undefined) changes.push({ pointer, kind: 'added', after: now });
  else if (after === undefined) changes.push({ pointer, kind: 'removed', before: old });
  else changes.push({ pointer, kind: 'changed', before: old, after: now });
}
