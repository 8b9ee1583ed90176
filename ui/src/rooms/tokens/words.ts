import type { LaneSpan } from '../../bindings/LaneSpan';
import { count, plural } from '../../text';

const NAMES: Record<string, string> = { ' ': 'space', '\n': 'line end', '\t': 'tab' };

/** What a screen reader says for a piece. */
export function spoken(text: string, parts: number): string {
  const first = NAMES[text.charAt(0)];
  const named =
    text.trim() === '' && first
      ? text.length === 1
        ? first
        : `${count(text.length)} times ${first}`
      : text.startsWith(' ')
        ? `space, ${text.slice(1)}`
        : text;
  return parts > 1 ? `${named}, ${plural(parts, 'part')}` : named;
}

/** Text with what is not to be seen made visible. */
export function visible(text: string): string {
  return text
    .replaceAll(' ', '·')
    .replaceAll('\t', '→')
    .replaceAll('\r', '␍')
    .replaceAll('\n', '↵');
}

/** The ids of a piece's tokens. */
export function idsOf({ tokens, more }: LaneSpan): string {
  const ids = tokens.map(({ id }) => (id === null ? '' : String(id))).join(' ');
  return more > 0 ? `${ids} …` : ids;
}

/** Bytes as they are read: `e2 80 8d`. */
export function spaced(hex: string): string {
  return hex.replace(/(..)(?=.)/g, '$1 ');
}
