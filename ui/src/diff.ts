/** The lines of `after` that are not as they were in `before`: from the first change to the last. */
export function changedLines(before: string, after: string): { from: number; to: number } | null {
  if (before === after) return null;
  const [old, now] = [before.split('\n'), after.split('\n')];
  const shortest = Math.min(old.length, now.length);
  let from = 0;
  while (from < shortest && old[from] === now[from]) from++;
  let same = 0;
  while (same < shortest - from && old[old.length - 1 - same] === now[now.length - 1 - same])
    same++;
  return { from, to: now.length - same };
}
