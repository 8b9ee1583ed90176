import type { End } from './bindings/End';

/** A model's end in a few words, as its row in a list says it. */
export function endOf({ kind, day, days_left, replacement }: End): string {
  const other = replacement === null ? '' : ` → ${replacement}`;
  const on = day === null ? '' : ` ${day}`;
  switch (kind) {
    case 'retired':
      return `retired${on}${other}`;
    case 'rerouted':
      return day === null ? `answered by ${replacement}` : `rerouted${on}${other}`;
    case 'soon':
      return `ends in ${days_left === 1 ? '1 day' : `${days_left} days`},${on}${other}`;
    case 'announced':
      return `ends${on}${other}`;
  }
}
