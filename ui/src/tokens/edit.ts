import type { SheetEdit } from '../bindings/SheetEdit';

const isLow = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff;

/**
 * What turned `before` into `after`: the one range that differs, in UTF-16 code units. Neither end
 * falls between the halves of a character. None if nothing did.
 */
export function editBetween(before: string, after: string): SheetEdit | undefined {
  if (before === after) return undefined;
  const most = Math.min(before.length, after.length);
  let at = 0;
  while (at < most && before.charCodeAt(at) === after.charCodeAt(at)) at += 1;
  if (at > 0 && (isLow(before.charCodeAt(at)) || isLow(after.charCodeAt(at)))) at -= 1;
  let same = 0;
  while (
    same < most - at &&
    before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)
  )
    same += 1;
  if (same > 0 && isLow(before.charCodeAt(before.length - same))) same -= 1;
  return {
    at,
    removed: before.length - at - same,
    inserted: after.slice(at, after.length - same),
  };
}
