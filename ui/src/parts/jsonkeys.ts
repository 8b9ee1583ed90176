import type { JsonView } from './jsonview.svelte';

/** What the keys of a tree do, by the pattern of WAI-ARIA. Whether the key was one of them. */
export function keyIn(view: JsonView, { key, ctrlKey, altKey, metaKey }: KeyboardEvent): boolean {
  const { rows, active } = view;
  const row = view.rowOf(active);
  const go = (to: number) => view.activate(rows[Math.min(Math.max(to, 0), rows.length - 1)]);
  if (ctrlKey || altKey || metaKey || rows.length === 0) return false;
  switch (key) {
    case 'ArrowDown':
      go(row + 1);
      return true;
    case 'ArrowUp':
      go(row - 1);
      return true;
    case 'PageDown':
      go(row + 10);
      return true;
    case 'PageUp':
      go(row - 10);
      return true;
    case 'Home':
      go(0);
      return true;
    case 'End':
      go(rows.length - 1);
      return true;
  }
  if (active === undefined) return false;
  switch (key) {
    case 'ArrowRight':
      if (view.isFolded(active)) view.fold(active, false);
      else if (view.canFold(active)) go(row + 1);
      return true;
    case 'ArrowLeft':
      left(view, active);
      return true;
    case 'Enter':
    case ' ':
      if (view.canFold(active)) view.fold(active, !view.isFolded(active));
      else view.open(active, view.opened(active) === undefined);
      return true;
    case '*':
      for (const at of siblings(view, active)) view.fold(at, false);
      return true;
  }
  return false;
}

/** Folds what is open, and else goes to what is around it. */
function left(view: JsonView, active: number): void {
  const parent = view.doc?.node(active).parent ?? -1;
  if (view.canFold(active) && !view.isFolded(active)) view.fold(active, true);
  else if (parent > 0) view.activate(parent);
}

function siblings(view: JsonView, active: number): number[] {
  const { doc } = view;
  if (!doc) return [];
  const parent = doc.node(active).parent;
  const found: number[] = [];
  for (let at = parent + 1; at < doc.node(Math.max(parent, 0)).next; at = doc.node(at).next) {
    found.push(at);
  }
  return found;
}
