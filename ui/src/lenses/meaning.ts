import { applyEdits, format, getLocation } from 'jsonc-parser';
import type { Delta } from '../bindings/Delta';
import { rawText, type LoggedFrame } from '../log';
import { jsonProblem } from '../parts/json';
import { count, duration } from '../text';

/** A pause this much longer than the one that is usual is a stall; shorter than a quarter second never is. */
const STALL_TIMES = 5;
const STALL_LEAST = 250_000;

/** What a delta is, in a word, and what it brought. */
export function meaning(delta: Delta): { kind: string; said: string } {
  switch (delta.type) {
    case 'text':
      return {
        kind: delta.choice > 0 ? `text ${String(delta.choice + 1)}` : 'text',
        said: quoted(delta.text),
      };
    case 'reasoning':
      return { kind: 'reasoning', said: quoted(delta.text) };
    case 'refusal':
      return { kind: 'refusal', said: quoted(delta.text) };
    case 'tool_call':
      return { kind: 'tool', said: `${delta.name ?? ''} ${delta.arguments}`.trim() };
    case 'usage':
      return {
        kind: 'usage',
        said: counts(delta.input_tokens, delta.output_tokens),
      };
    case 'finish':
      return { kind: 'finish', said: delta.raw };
    case 'model':
      return { kind: 'model', said: delta.id };
    case 'error':
      return { kind: 'error', said: delta.said ?? delta.title };
    case 'unreadable':
      return { kind: 'unreadable', said: delta.reason };
    case 'done':
      return { kind: 'done', said: '' };
    default:
      return delta satisfies never;
  }
}

/** A frame in one line. */
export function inShort(frame: LoggedFrame): { kind: string; said: string } {
  const text = frame.deltas.find(({ type }) => type === 'text') ?? frame.deltas.at(-1);
  if (text) return meaning(text);
  const raw = rawText(frame.raw).trim();
  if (raw.startsWith(':')) return { kind: 'comment', said: raw.slice(1).trim() };
  if (raw === '') return { kind: 'padding', said: '' };
  return { kind: 'no news', said: /"type":\s*"([\w.]+)"/.exec(raw)?.[1] ?? '' };
}

/** A longer frame is not laid out: nobody reads it, and it takes long. */
const MOST_LAID_OUT = 200_000;

/** The JSON that a frame carries, laid out to be read; none if it carries none, or very much. */
export function payload(raw: string): string | undefined {
  if (raw.length > MOST_LAID_OUT) return undefined;
  const data = raw.match(/^data:.*$/gm)?.map((line) => line.slice(5).trim());
  const json = data ? data.join('\n') : raw.trim().replace(/^[[,]|\]$/g, '');
  if (!/^\s*[[{]/.test(json)) return undefined;
  const laidOut = applyEdits(json, format(json, undefined, { insertSpaces: true, tabSize: 2 }));
  return jsonProblem(json) === undefined ? laidOut : undefined;
}

/** The field on a line of JSON that was laid out: its name, and its JSON pointer. */
export function fieldAt(
  lines: readonly string[],
  line: number,
): { name: string; pointer: string } | undefined {
  const indent = /^\s*/.exec(lines[line] ?? '')?.[0].length ?? 0;
  const before = lines.slice(0, line).reduce((sum, it) => sum + it.length + 1, 0);
  const { path } = getLocation(lines.join('\n'), before + indent + 1);
  if (path.length === 0) return undefined;
  const step = (name: string | number) =>
    `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const named = path.filter((step) => typeof step === 'string').at(-1) ?? path.at(-1);
  return { name: String(named), pointer: path.map(step).join('') };
}

/** A frame as it came, in one line: line ends and other characters without a shape are shown. */
export function oneLine(raw: string): string {
  return raw.slice(0, 400).replaceAll('\r', '␍').replaceAll('\n', '⏎').replaceAll('\t', '→');
}

/** What a frame tells of both counts. One may come alone, and one that cannot be is none. */
function counts(input: number | null, output: number | null): string {
  const told = [
    input === null ? '' : `${count(input)} in`,
    output === null ? '' : `${count(output)} out`,
  ];
  return told.filter(Boolean).join(', ') || 'no count of input or output that can be';
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(/^" /, '"·');
}

/** Above which gap a pause is a stall, in microseconds. */
export function stallFrom(frames: readonly LoggedFrame[]): number {
  const gaps = frames.slice(1).map(({ gap }) => gap);
  gaps.sort((a, b) => a - b);
  return Math.max(STALL_LEAST, STALL_TIMES * (gaps[gaps.length >> 1] ?? 0));
}

const NOTHING: Record<string, string> = {
  comment: 'is a comment: it keeps the connection open, and clients pass over it',
  padding: 'is padding: only line ends',
  'no news': 'brought nothing for the reply',
};

/** What a teacher would say of a frame. */
export function explained(
  frame: LoggedFrame,
  next: LoggedFrame | undefined,
  stall: number,
): string {
  const kinds = [...new Set(frame.deltas.map((delta) => meaning(delta).kind))];
  const brought = kinds.length > 0 ? `brought ${kinds.join(', ')}` : NOTHING[inShort(frame).kind];
  const first = frame.index === 0 ? ` It came ${duration(frame.gap)} after the request left.` : '';
  const pause =
    next && next.attempt === frame.attempt && next.gap >= stall
      ? ` A pause of ${duration(next.gap)} followed: the model, or the network, was busy.`
      : '';
  return `Frame ${count(frame.index)} ${brought}, at byte ${count(frame.offset)}.${first}${pause}`;
}
