import { expect, test } from 'vitest';
import { isPlain, pieces, split } from './blocks';

const texts: Record<string, string> = {
  short: 'a word',
  lines: 'a line of text\n'.repeat(2_000),
  words: 'word '.repeat(20_000),
  'no space': 'x'.repeat(1_000_000),
  emoji: '👩‍🚀'.repeat(20_000),
};

test.each(Object.entries(texts))('%s: the blocks join back into the text', (_name, text) => {
  const { closed, open } = split(text);
  expect(closed.join('') + open).toBe(text);
  for (const block of [...closed, open]) {
    expect(block.length).toBeLessThanOrEqual(2048);
    expect(block.isWellFormed()).toBe(true);
  }
});

test.each(Object.entries(texts))('%s: as it grows only the last piece does', (_name, text) => {
  let before: string[] = [];
  for (let length = 0; length < 3_000; length += 37) {
    const all = pieces(text.slice(0, length));
    expect(all.join('')).toBe(text.slice(0, length));
    expect(all.slice(0, before.length - 1)).toEqual(before.slice(0, -1));
    for (const piece of all.slice(0, -1)) expect(piece).toMatch(/^[^]{256,}[ \n]$/);
    before = all;
  }
});

test('a text is plain if it is the same with its spaces joined', () => {
  const joined = (text: string) =>
    text
      .replace(/[ \t]*\n[ \t]*/g, '\n')
      .replace(/[ \t]+/g, ' ')
      .replace(/^ /, '');
  let all = [''];
  for (let length = 0; length < 5; length++) {
    all = ['', ...all.flatMap((text) => ['a', ' ', '\t', '\n'].map((one) => text + one))];
    for (const text of all) expect(isPlain(text), JSON.stringify(text)).toBe(joined(text) === text);
  }
});
