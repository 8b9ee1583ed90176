import type { Chat } from '../bindings/Chat';
import type { ConversationPart } from '../bindings/ConversationPart';
import type { ConversationReading } from '../bindings/ConversationReading';
import type { Encoding } from '../bindings/Encoding';
import type { Guess } from '../bindings/Guess';
import type { HowCut } from '../bindings/HowCut';
import type { Lane } from '../bindings/Lane';
import type { LaneSpan } from '../bindings/LaneSpan';
import type { LaneToken } from '../bindings/LaneToken';
import type { LanguageRow } from '../bindings/LanguageRow';
import type { LanguageTable } from '../bindings/LanguageTable';
import type { MergeStep } from '../bindings/MergeStep';
import type { ModelCount } from '../bindings/ModelCount';
import type { Row } from '../bindings/Row';
import type { RowRange } from '../bindings/RowRange';
import type { Score } from '../bindings/Score';
import type { SheetEdit } from '../bindings/SheetEdit';
import type { SheetLayout } from '../bindings/SheetLayout';
import type { SheetReading } from '../bindings/SheetReading';
import type { TokenExample } from '../bindings/TokenExample';
import type { TokenSheet } from '../bindings/TokenSheet';

const ENCODINGS: Encoding[] = ['o200k_base', 'cl100k_base', 'p50k_base', 'r50k_base'];
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

interface Kept {
  text: string;
  layout: SheetLayout;
  revision: number;
}

function token(text: string, lane: Lane): LaneToken {
  const bytes = [...new TextEncoder().encode(text)];
  const id = lane === 'words' ? null : bytes.reduce((sum, byte) => (sum * 31 + byte) % 100_000, 7);
  return { id, bytes: bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(''), text };
}

/** Newer encodings have longer pieces; a word with its space is cut after so many characters. */
const LONGEST: Record<Lane, number> = {
  ...{ o200k_base: 7, o200k_harmony: 7, cl100k_base: 6, p50k_base: 5, r50k_base: 4, gpt2: 4 },
  ...{ bytes: 1, characters: 1, words: Infinity },
};

/** What a text is cut into: joined, the pieces are the text. */
function fakePieces(text: string, lane: Lane): string[] {
  const clusters = (part: string) => [...segmenter.segment(part)].map(({ segment }) => segment);
  const words = text.match(/ ?[^\s]+|\s/g) ?? [];
  return words.flatMap((word) => {
    const all = clusters(word);
    const longest = LONGEST[lane];
    const parts: string[] = [];
    for (let at = 0; at < all.length; at += longest)
      parts.push(all.slice(at, at + longest).join(''));
    return parts;
  });
}

function spansOf(text: string, lane: Lane, before: number): LaneSpan[] {
  let from = 0;
  return fakePieces(text, lane).map((piece, at) => {
    const span: LaneSpan = {
      ...{ from, to: from + piece.length, column: from, cells: piece.length },
      ...{ index: before + at, starts_with_space: piece.startsWith(' ') },
      ...{ from_before: false, goes_on: false, more: 0 },
      kind: lane === 'words' && piece.trim() === '' ? 'between' : 'token',
      tokens: [token(piece, lane)],
    };
    from += piece.length;
    return span;
  });
}

function rowsOf({ text, layout }: Kept): Row[] {
  const rows: Row[] = [];
  const befores = layout.lanes.map(() => 0);
  let at = 0;
  (text.match(/[^\n]*\n|[^\n]+$/g) ?? ['']).forEach((lineText, line) => {
    for (let start = 0; start === 0 || start < lineText.length; start += layout.columns) {
      const part = lineText.slice(start, start + layout.columns);
      const lanes = layout.lanes.map((lane, index) => {
        const spans = spansOf(part, lane, befores[index] ?? 0);
        befores[index] = (befores[index] ?? 0) + spans.length;
        return spans;
      });
      const common = { line, starts_line: start === 0, at, text: part, cells: part.length };
      rows.push({ index: rows.length, ...common, lanes, look_alikes: [] });
      at += part.length;
    }
  });
  return rows;
}

function readingOf(kept: Kept, { first, count }: RowRange): SheetReading {
  const { text, layout, revision } = kept;
  const rows = rowsOf(kept);
  const characters = [...segmenter.segment(text)].length;
  return {
    ...{ price: null, own: null, revision, characters, rows: rows.length },
    ...{ utf16: text.length, bytes: new TextEncoder().encode(text).length },
    code_points: [...text].length,
    look_alikes: text.match(/<\|\w+\|>/g)?.length ?? 0,
    lanes: layout.lanes.map((lane) => {
      const total = fakePieces(text, lane).length;
      const isEncoding = !['bytes', 'characters', 'words'].includes(lane);
      return {
        ...{ lane, count: total, chars_per_token: total > 0 ? characters / total : null },
        per_million_calls: isEncoding ? (total * 0.2).toFixed(2) : null,
      };
    }),
    visible: rows.slice(first, first + count),
  };
}

/** The letters of a word, joined from the left until it is one. */
function stepsOf(word: string): MergeStep[] {
  const letters = [...word];
  return letters.map((_, joined) => {
    const head = letters.slice(0, joined + 1).join('');
    const parts = [head, ...letters.slice(joined + 1)].map((part) => token(part, 'o200k_base'));
    const ranks = parts.slice(1).map((_part, at) => (at === 0 ? 300 + joined : null));
    return { parts, ranks, merges: ranks.length > 0 ? 0 : null };
  });
}

/** Where the pieces of a text end, but for the last. */
function endsOf(text: string, lane: Lane): number[] {
  let end = 0;
  return fakePieces(text, lane)
    .map((piece) => (end += piece.length))
    .slice(0, -1);
}

/** A word with its space is cut into pieces of some letters: what the Tokens room is told. */
export class FakeTokens {
  readonly #sheets = new Map<string, Kept>();
  /** What was asked of the sheets, in order. */
  readonly asked: string[] = [];
  /** The edits that came. */
  readonly edits: SheetEdit[] = [];
  /** What the next file or link carries. */
  file: TokenSheet | null = null;
  readonly saved: TokenSheet[] = [];

  open(id: string, text: string, layout: SheetLayout, visible: RowRange): SheetReading {
    this.asked.push('open');
    const kept = { text, layout, revision: 1 };
    this.#sheets.set(id, kept);
    return readingOf(kept, visible);
  }

  edit(id: string, revision: number, edit: SheetEdit, visible: RowRange): SheetReading {
    this.asked.push('edit');
    this.edits.push(edit);
    const { text, layout } = this.#at(id, revision);
    const { at, removed, inserted } = edit;
    const kept = {
      text: text.slice(0, at) + inserted + text.slice(at + removed),
      layout,
      revision: revision + 1,
    };
    this.#sheets.set(id, kept);
    return readingOf(kept, visible);
  }

  lay(id: string, layout: SheetLayout, visible: RowRange): SheetReading {
    this.asked.push('lay');
    const kept = { ...this.#at(id), layout };
    this.#sheets.set(id, kept);
    return readingOf(kept, visible);
  }

  rows(id: string, revision: number, { first, count }: RowRange): Row[] {
    this.asked.push('rows');
    return rowsOf(this.#at(id, revision)).slice(first, first + count);
  }

  /** Rust forgets sheets that others took the place of. */
  forget(): void {
    this.#sheets.clear();
  }

  howCut(id: string, lane: Lane, at: number): HowCut | null {
    const { text } = this.#at(id);
    if (['bytes', 'characters', 'words'].includes(lane)) return null;
    const words = text.match(/ ?[^\s]+|\s/g) ?? [];
    let start = 0;
    const selected = words.findIndex((word) => at < (start += word.length));
    const word = words[selected];
    if (word === undefined) return null;
    return {
      ...{ encoding: lane as Encoding, at: 0, selected, is_token: false, too_long: null },
      pieces: words.map((it) => ({ text: it, rule: 0, utf16: it.length })),
      rules: [{ pattern: ' ?\\S+', says: 'A word, with the space before it.' }],
      ...{ steps: stepsOf(word), tokens: [token(word, lane)] },
    };
  }

  score(id: string, lane: Lane, guess: Guess): Score {
    const truth = endsOf(this.#at(id).text, lane);
    if (guess.type === 'count') {
      const total = truth.length + 1;
      const off = guess.count - total;
      const points = Math.floor(100 * (1 - Math.abs(off) / Math.max(guess.count, total)));
      const says = `You guessed ${guess.count}, and it is ${total}.`;
      return { points, truth: total, off, right: 0, missed: [], wrong: [], says };
    }
    const missed = truth.filter((end) => !guess.ends.includes(end));
    const wrong = guess.ends.filter((end) => !truth.includes(end));
    const right = truth.length - missed.length;
    const points = Math.round((100 * right) / Math.max(right + missed.length + wrong.length, 1));
    const says = `${right} of ${truth.length} cuts found.`;
    return { points, truth: truth.length, off: 0, right, missed, wrong, says };
  }

  estimate(id: string, model: string): ModelCount {
    const tokens = fakePieces(this.#at(id).text, 'o200k_base').length;
    const exact = model.startsWith('practice');
    return {
      ...{ model, name: model, encoding: 'o200k_base', exact, has_pieces: exact, tokens },
      ...{ low: exact ? tokens : tokens - 1, high: exact ? tokens : tokens + 3 },
      how: exact ? '' : 'No public tokenizer: counted with o200k_base, and about a third more.',
      per_million_calls: null,
    };
  }

  #at(id: string, revision?: number): Kept {
    const kept = this.#sheets.get(id);
    if (kept && (revision === undefined || kept.revision === revision)) return kept;
    throw Object.assign(new Error('The sheet is gone.'), { code: 'stale' });
  }
}

export const FAKE_EXAMPLES: TokenExample[] = [
  {
    ...{ id: 'strawberry', title: 'Strawberry', text: 'strawberry', pieces: {} },
    ...{ says: 'The model reads numbers, not letters.', tokens: { o200k_base: 3 } },
    ...{ lanes: ['o200k_base', 'characters'], specials: false },
  },
  {
    ...{ id: 'url', title: 'An address', text: 'https://www.example.com', pieces: {} },
    ...{ says: 'Addresses cost more than they look.', tokens: { o200k_base: 6 } },
    ...{ lanes: [], specials: false },
  },
];

export function fakeLanguages(own: string | null): LanguageTable {
  const row = (id: string, name: string, kind: LanguageRow['kind'], text: string): LanguageRow => ({
    ...{ id, name, kind, script: kind === 'language' ? 'Latin' : null, rtl: false, text },
    ...{ characters: text.length, bytes: new TextEncoder().encode(text).length },
    counts: ENCODINGS.map((encoding) => {
      const tokens = fakePieces(text, encoding).length;
      return { tokens, against_english: tokens / 9, chars_per_token: 4, per_million_calls: '1.8' };
    }),
  });
  const rows = [
    row('en', 'English', 'language', 'Bread is one of the oldest foods that people make.'),
    row('tr', 'Turkish', 'language', 'Ekmek, insanların yaptığı en eski yiyeceklerden biridir.'),
    row('code', 'Code', 'code', 'bread = oven.bake(dough)'),
  ];
  if (own !== null) rows.push(row('own', 'Your text', 'own', own));
  return { price: null, encodings: ENCODINGS, rows };
}

/** What nobody knows the pieces of: a model without a public vocabulary. */
function unknownConversation(chat: Chat): ConversationReading {
  const common = { exact: false, why: 'Its vocabulary is not known.', id: null, spans: [] };
  const parts = chat.messages.map(({ role, text }, message): ConversationPart => {
    const tokens = spansFor(text).length;
    const figures = { tokens, low: tokens, high: 2 * tokens };
    return { ...common, ...figures, kind: 'text', role, message, text };
  });
  const none = { message: null, role: null, text: '' };
  parts.push({ ...common, ...none, ...{ kind: 'around', tokens: 7, low: 0, high: 14 } });
  const sum = (of: 'tokens' | 'low' | 'high') => parts.reduce((all, part) => all + part[of], 0);
  return {
    ...{ encoding: { id: 'o200k_base', exact: false, reason: null }, parts, total_exact: false },
    ...{ layout: 'Not published.', total: sum('tokens'), low: sum('low'), high: sum('high') },
  };
}

export function fakeConversation(chat: Chat, model: string): ConversationReading {
  if (model.startsWith('claude')) return unknownConversation(chat);
  const common = { exact: true, why: null, id: null };
  const parts = chat.messages.flatMap(({ role, text }, message): ConversationPart[] => [
    {
      ...{ ...common, kind: 'mark', message, role, text: '<|start|>', id: 200_006, spans: [] },
      ...{ tokens: 1, low: 1, high: 1 },
    },
    {
      ...{ ...common, kind: 'role', message, role, text: role, spans: spansFor(role) },
      ...{ tokens: 1, low: 1, high: 1 },
    },
    {
      ...{ ...common, kind: 'text', message, role, text, spans: spansFor(text) },
      ...{ tokens: spansFor(text).length, low: spansFor(text).length, high: spansFor(text).length },
    },
  ]);
  parts.push({
    ...{ kind: 'mark', message: null, text: '<|start|>assistant', tokens: 3, id: null, spans: [] },
    ...{ exact: false, why: 'Measured, not published.', role: null, low: 3, high: 3 },
  });
  const total = parts.reduce((sum, { tokens }) => sum + tokens, 0);
  return {
    ...{ encoding: { id: 'o200k_base', exact: true, reason: null }, parts, total_exact: false },
    ...{ layout: 'As measured.', total, low: total, high: total },
  };
}

function spansFor(text: string): ConversationPart['spans'] {
  return fakePieces(text, 'o200k_base').map((piece, id) => ({
    text: piece,
    tokens: [{ id, bytes: [...new TextEncoder().encode(piece)] }],
  }));
}
