import { count, dollars, duration } from '../text';
import { BARS, badges, bars, end, firstWord, ticks, told, type BarKind, type Racing } from './race';

/** The colours of a picture: it is made to be printed and pasted, so it is always light. */
const INK = '#1d1f23';
const FAINT = '#666a72';
const LINE = '#e2e2dd';
const COLOURS: Record<BarKind, string> = {
  connect: '#9a9ca3',
  wait: '#c9cac6',
  think: '#5b3bb2',
  text: '#3d5af1',
  tail: '#9fb0f8',
  failed: '#9a4600',
  pause: '#e7c7a6',
};

const WIDTH = 1200;
const PAD = 40;
const LEADING = 22;
/** So many lines of a reply are in the picture. */
const MOST_LINES = 24;

/** What is drawn: a line of text, or a box. All measures are in CSS pixels. */
export type Stroke =
  | { text: string; x: number; y: number; size: number; weight: number; colour: string }
  | { x: number; y: number; width: number; height: number; colour: string; isHatched?: boolean };

/** How wide a text is. */
type Measure = (text: string, size: number, weight: number) => number;

/** A text in lines that are no wider than `width`; what is beyond the last is cut off. */
export function wrapped(text: string, width: number, measure: Measure, most: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.trim().split('\n')) {
    let line = '';
    for (const word of paragraph.split(/(?<=\s)/)) {
      if (line !== '' && measure(line + word.trimEnd(), 15, 400) > width) {
        lines.push(line.trimEnd());
        line = '';
      }
      line += word;
      // A word that is wider than the column is cut where it ends.
      while (measure(line.trimEnd(), 15, 400) > width && line.length > 1) {
        const fits = longest(line, width, measure);
        lines.push(line.slice(0, fits));
        line = line.slice(fits);
      }
      if (lines.length > most) return [...lines.slice(0, most - 1), '…'];
    }
    lines.push(line.trimEnd());
  }
  return lines.length > most ? [...lines.slice(0, most - 1), '…'] : lines;
}

function longest(line: string, width: number, measure: Measure): number {
  let fits = 1;
  while (fits < line.length - 1 && measure(line.slice(0, fits + 1), 15, 400) <= width) fits++;
  return fits;
}

/** What a column came to, in a line. */
function facts(racing: Racing): string {
  const { run } = racing;
  const [first, ended] = [firstWord(racing), end(racing)];
  const total = run.bill?.bill.total;
  return [
    run.usage?.output_tokens == null ? '' : `${count(run.usage.output_tokens)} out`,
    first === undefined ? '' : `first word ${duration(first)}`,
    ended === undefined ? '' : `all ${duration(ended)}`,
    run.isPractice ? 'free' : total == null ? '' : dollars(total),
  ]
    .filter(Boolean)
    .join(' · ');
}

/** A comparison as strokes: its question, the replies side by side, and the race below them. */
export function strokes(
  question: string,
  all: readonly Racing[],
  measure: Measure,
): { strokes: Stroke[]; width: number; height: number } {
  const out: Stroke[] = [];
  const say = (text: string, x: number, y: number, look: Partial<Look> = {}) =>
    out.push({ text, x, y, size: 15, weight: 400, colour: INK, ...look });
  const inner = WIDTH - 2 * PAD;
  let y = PAD + 20;
  for (const line of wrapped(question, inner * 0.8, measure, 4)) {
    say(line, PAD, y, { size: 20, weight: 600 });
    y += 28;
  }
  const gap = 32;
  const wide = (inner - gap * (all.length - 1)) / Math.max(all.length, 1);
  const top = y + 12;
  let bottom = top;
  all.forEach((racing, at) => {
    const x = PAD + at * (wide + gap);
    let line = top + 16;
    const short = wrapped(racing.name, wide, measure, 1)[0] ?? '';
    say(short, x, line, { weight: 600 });
    line += 20;
    say(facts(racing), x, line, { size: 12, colour: FAINT });
    line += 28;
    const words = racing.run.text || (racing.run.error?.title ?? 'No reply');
    for (const text of wrapped(words, wide, measure, MOST_LINES)) {
      say(text, x, line);
      line += LEADING;
    }
    bottom = Math.max(bottom, line);
  });
  const height = race(out, say, all, bottom + 24);
  return { strokes: out, width: WIDTH, height };
}

interface Look {
  size: number;
  weight: number;
  colour: string;
}

/** Draws the race from `y` on; where the picture ends is returned. */
function race(
  out: Stroke[],
  say: (text: string, x: number, y: number, look?: Partial<Look>) => void,
  all: readonly Racing[],
  y: number,
): number {
  const length = Math.max(1, ...all.map((it) => end(it) ?? 0));
  const [left, right] = [PAD + 190, WIDTH - PAD - 210];
  const at = (us: number) => left + ((right - left) * us) / length;
  const won = badges(all);
  const marks = ticks(length);
  out.push({ x: PAD, y, width: WIDTH - 2 * PAD, height: 1, colour: LINE });
  y += 24;
  for (const mark of marks)
    out.push({ x: at(mark), y, width: 1, height: 34 * all.length, colour: LINE });
  for (const racing of all) {
    const { name } = racing;
    const short = name.length > 22 ? `${name.slice(0, 21)}…` : name;
    say(short, PAD, y + 20, { weight: 500 });
    for (const { kind, from, to } of bars(racing.run, length)) {
      const isHatched = kind === 'wait' || kind === 'pause';
      const box = { x: at(from), y: y + 7, width: Math.max(at(to) - at(from), 2), height: 18 };
      out.push({ ...box, colour: COLOURS[kind], isHatched });
    }
    say((won.get(racing) ?? []).join(' · '), right + 16, y + 20, { size: 13, colour: '#3d5af1' });
    y += 34;
  }
  for (const mark of marks)
    say(mark === 0 ? 'Send' : duration(mark), at(mark), y + 16, { size: 12, colour: FAINT });
  y += 44;
  const kinds = new Set(all.flatMap(({ run }) => bars(run, length).map(({ kind }) => kind)));
  let x = PAD;
  for (const kind of kinds) {
    const isHatched = kind === 'wait' || kind === 'pause';
    out.push({ x, y: y - 10, width: 18, height: 10, colour: COLOURS[kind], isHatched });
    say(BARS[kind].name, x + 24, y, { size: 12, colour: FAINT });
    x += 40 + BARS[kind].name.length * 7;
  }
  for (const sentence of told(all)) {
    y += 24;
    say(sentence, PAD, y, { size: 13, colour: '#575b63' });
  }
  return y + PAD;
}
