import type { Attachment } from 'svelte/attachments';

/** What can be chosen in an element, by the numbers that its parts have as `data-row`. */
export interface Choosable {
  /** Those that stand for something, in the order of the arrow keys. */
  rows: readonly number[];
  /** The one that the keys go on from; none before the first. */
  at: number | undefined;
  /** The pointer passes over one. */
  onpoint: (row: number) => void;
  /** One is pressed, or the keys lead to it. */
  onchoose: (row: number, isPress: boolean) => void;
}

/** Makes rows be chosen: by the pointer, by a press, and by the arrow keys, Home and End. */
export function choosing(of: () => Choosable): Attachment<HTMLElement> {
  return (element) => {
    const rowOf = ({ target }: Event): number | undefined => {
      const row = (target as HTMLElement).closest<HTMLElement>('[data-row]')?.dataset['row'];
      return row === undefined ? undefined : Number(row);
    };
    const move = (event: Event): void => {
      const row = rowOf(event);
      if (row !== undefined) of().onpoint(row);
    };
    const press = (event: Event): void => {
      const row = rowOf(event);
      if (row !== undefined && of().rows.includes(row)) of().onchoose(row, true);
    };
    const walk = (event: KeyboardEvent): void => {
      const { rows, at, onchoose } = of();
      const row = next(event.key, rows, at);
      if (row === undefined) return;
      event.preventDefault();
      onchoose(row, false);
    };
    element.addEventListener('mousemove', move);
    element.addEventListener('click', press);
    element.addEventListener('keydown', walk);
    return () => {
      element.removeEventListener('mousemove', move);
      element.removeEventListener('click', press);
      element.removeEventListener('keydown', walk);
    };
  };
}

/** The row that a key leads to; none if it is no such key, or there is no row. */
function next(key: string, rows: readonly number[], at: number | undefined): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return rows.find((row) => row > (at ?? -1)) ?? rows.at(-1);
    case 'ArrowUp':
      return rows.findLast((row) => row < (at ?? Infinity)) ?? rows[0];
    case 'Home':
      return rows[0];
    case 'End':
      return rows.at(-1);
    default:
      return undefined;
  }
}
