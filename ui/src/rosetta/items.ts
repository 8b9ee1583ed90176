import type { ReplyAnatomy } from '../bindings/ReplyAnatomy';
import type { Rosetta } from '../bindings/Rosetta';
import { count } from '../text';
import { laidOut, partLines, type PartLine } from './lines';

/** A meaning as it is drawn: the same in every column. */
export interface Glyph {
  meaning: string;
  /** The number that stands beside it. */
  mark: number;
  /** Its colour, as a custom property of the app. */
  tint: string;
  name: string;
  says: string;
  /** Whether one of the formats has nothing like it. */
  isAlone: boolean;
}

/** A part of a column: what can be pointed at, or what stands between. */
export interface Item {
  key: string;
  kind: 'address' | 'header' | 'body' | 'title' | 'missing';
  /** What it means; several, where a format writes several things as one text. */
  meanings: readonly string[];
  lines: readonly PartLine[];
  /** Whether it has a mark of its own and can be stepped to. */
  isStop: boolean;
  /** What this format does here, in a sentence. */
  says: string;
  /** What a missing part is: nothing is sent, or there is no such field. */
  state?: 'unset' | 'none' | 'missing';
}

const TINTS = ['--accent', '--str', '--key', '--num', '--ink-3'];
const tint = (index: number) => TINTS[index % TINTS.length] ?? '--accent';

const plain = (text: string): PartLine => {
  return { indent: 0, text, part: undefined, isFirst: false, more: 0 };
};

/** The meanings of a request, numbered from its top. */
export function requestGlyphs({ rows }: Rosetta): Glyph[] {
  return rows.map(({ meaning, name, says, cells }, index) => {
    const isAlone = cells.some(({ state }) => state === 'none');
    return { meaning, mark: index + 1, tint: tint(index), name, says, isAlone };
  });
}

/** Those of a reply; what a request has too keeps its colour. */
export function replyGlyphs(all: readonly ReplyAnatomy[], request: readonly Glyph[]): Glyph[] {
  const rows = all[0]?.rows ?? [];
  const isHere = (meaning: string) => all.some((it) => stateOf(it, meaning) === 'here');
  return rows
    .filter(({ meaning }) => isHere(meaning))
    .map(({ meaning, name }, index) => {
      const known = request.find((it) => it.meaning === meaning);
      const isAlone = all.some((it) => stateOf(it, meaning) === 'none');
      const says = known?.says ?? '';
      return { meaning, mark: index + 1, tint: known?.tint ?? tint(index), name, says, isAlone };
    });
}

const stateOf = ({ rows }: ReplyAnatomy, meaning: string) =>
  rows.find((it) => it.meaning === meaning)?.state;

/** What stands in a column of a request, from its address to what it has no place for. */
export function requestItems({ columns, rows }: Rosetta, index: number): Item[] {
  const column = columns[index];
  if (!column) return [];
  const cellOf = (meaning: string) => rows.find((it) => it.meaning === meaning)?.cells[index];
  const says = (meaning: string | undefined) => (meaning && cellOf(meaning)?.says) || '';
  const address = column.address.map(({ text, meaning }, at): Item => {
    const meanings = meaning === null ? [] : [meaning];
    const isStop = meaning !== null;
    const [key, lines] = [`address ${at}`, [plain(text)]];
    return { key, kind: 'address', meanings, lines, isStop, says: says(meaning ?? undefined) };
  });
  const headers = column.request.headers.map(({ name, value }, at): Item => {
    const meaning = column.headers[at]?.meaning;
    const lines = [plain(`${name}: ${value}`)];
    const meanings = meaning === undefined ? [] : [meaning];
    const [key, isStop] = [`header ${at}`, meaning !== undefined];
    return { key, kind: 'header', meanings, lines, isStop, says: says(meaning) };
  });
  const body = bodyItems(column.request.body, column.parts, 'body', says);
  const missing = rows.flatMap(({ meaning, name, cells }): Item[] => {
    const cell = cells[index];
    return !cell || cell.state === 'here' ? [] : [absent(meaning, name, cell.says, cell.state)];
  });
  return [...address, ...headers, ...body, ...missing];
}

/** What stands in a column of a reply: its frames, then what this format does not tell. */
export function replyItems({ frames, more, rows }: ReplyAnatomy, glyphs: readonly Glyph[]): Item[] {
  const says = (meaning: string | undefined) =>
    rows.find((it) => it.meaning === meaning)?.says ?? '';
  const groups = frames.flatMap(({ first, count: frames, text, event, parts }) => {
    const last = first + frames - 1;
    const which =
      frames === 1
        ? `frame ${count(first)}`
        : `frames ${count(first)} to ${count(last)}, ${count(frames)} alike`;
    const title = plain(event === null ? which : `${which}: ${event}`);
    const key = `frame ${first}`;
    const head = { key, kind: 'title' as const, meanings: [], lines: [title] };
    return [{ ...head, isStop: false, says: '' }, ...bodyItems(text, parts, key, says)];
  });
  const rest = more > 0 ? [titled(`${count(more)} more frames`)] : [];
  const missing = rows.flatMap(({ meaning, name, says, state }): Item[] => {
    const isDrawn = glyphs.some((it) => it.meaning === meaning);
    return state === 'here' || !isDrawn ? [] : [absent(meaning, name, says, state)];
  });
  return [...groups, ...rest, ...missing];
}

function titled(text: string): Item {
  return { key: text, kind: 'title', meanings: [], lines: [plain(text)], isStop: false, says: '' };
}

function absent(meaning: string, name: string, says: string, state: Item['state'] & string): Item {
  const lines = [plain(name)];
  return {
    ...{ key: `missing ${meaning}`, kind: 'missing', meanings: [meaning], lines },
    ...{ isStop: true, says, state },
  };
}

/** A body as runs of lines that mean the same. */
function bodyItems(
  body: string,
  parts: readonly { pointer: string; meaning: string }[],
  name: string,
  says: (meaning: string | undefined) => string,
): Item[] {
  const pointers = [...new Set(parts.map(({ pointer }) => pointer))];
  const meaningsOf = (part: number | undefined) =>
    part === undefined
      ? []
      : parts.filter((it) => it.pointer === pointers[part]).map(({ meaning }) => meaning);
  const items: (Item & { lines: PartLine[] })[] = [];
  let before: number | undefined | null = null;
  for (const line of partLines(laidOut(body), pointers)) {
    if (line.part === before && !line.isFirst) {
      items.at(-1)?.lines.push(line);
      continue;
    }
    before = line.part;
    const meanings = meaningsOf(line.part);
    const key = `${name} ${items.length}`;
    const [isStop, sentence] = [line.isFirst, says(meanings[0])];
    items.push({ key, kind: 'body', meanings, lines: [line], isStop, says: sentence });
  }
  return items;
}
