import { expect, test } from 'vitest';
import { changedLines, compare, folded, isWord, joined, lines, words, type Diff } from './diff';
import { fieldChanges } from './fields';

test.each([
  ['a\nb\nc', 'a\nb\nc', null],
  ['a\nb\nc', 'a\nX\nc', { from: 1, to: 2 }],
  ['a\nc', 'a\nb\nc', { from: 1, to: 2 }],
  ['a\nb\nc', 'a\nc', { from: 1, to: 1 }],
  ['', 'a', { from: 0, to: 1 }],
  ['a\na', 'a\na\na', { from: 2, to: 3 }],
])('%j to %j', (before, after, expected) => {
  expect(changedLines(before, after)).toEqual(expected);
});

const without = ({ parts }: Diff, kind: string) =>
  parts.flatMap((part) => (part.kind === kind ? [] : part.pieces)).join('');

/** Texts of few letters, so that they have much in common. */
function texts(count: number): string[] {
  let seed = 11;
  return Array.from({ length: count }, (_, index) => {
    const letters = Array.from({ length: index % 40 }, () => {
      seed = (seed * 48271) % 2147483647;
      return ['a', 'b ', 'ä', '\n', ' ', '. ', '漢字', '🙂', "it's"][seed % 9];
    });
    return letters.join('');
  });
}

test('words, lines and characters join into their text', () => {
  for (const text of [...texts(200), 'x y\n'.repeat(20_000)]) {
    for (const cut of [words, lines]) expect(cut(text).join('')).toBe(text);
  }
});

test('without what was added a diff is the old text, and without what was removed the new', () => {
  const all = texts(120);
  for (const [index, old] of all.entries()) {
    const now = all[(index * 7 + 3) % all.length] ?? '';
    for (const cut of [words, lines]) {
      for (const timeout of [1000, 0]) {
        const found = compare(cut(old), cut(now), timeout);
        for (const diff of [found, joined(found, isWord)])
          expect([without(diff, 'added'), without(diff, 'removed')]).toEqual([old, now]);
      }
    }
  }
});

test('only what differs is marked', () => {
  const diff = compare(words('The sky is blue.'), words('The sea is so blue.'));
  expect(diff.parts.map(({ kind, pieces }) => `${kind}:${pieces.join('')}`)).toEqual([
    'same:The ',
    'removed:sky',
    'added:sea',
    'same: is',
    'added: so',
    'same: blue.',
  ]);
});

test('words that were all replaced stand together, with the blanks between them', () => {
  const diff = joined(
    compare(words('It is so blue, now.'), words('It was very red, now.')),
    isWord,
  );
  expect(diff.parts.map(({ kind, pieces }) => `${kind}:${pieces.join('')}`)).toEqual([
    'same:It ',
    'removed:is so blue',
    'added:was very red',
    'same:, now.',
  ]);
});

test('texts that differ too much in too short a time are told as replaced', () => {
  const many = (word: string) => Array.from({ length: 100_000 }, (_, i) => `${word}${i % 977}`);
  const diff = compare(['same', ...many('a')], ['same', ...many('b')]);
  expect(diff.isCoarse).toBe(true);
  expect(diff.parts.map(({ kind, pieces }) => [kind, pieces.length])).toEqual([
    ['same', 1],
    ['removed', 100_000],
    ['added', 100_000],
  ]);
});

test('what is the same is folded, but for what stands beside a change', () => {
  const old = Array.from({ length: 20 }, (_, index) => `${index} `);
  const diff = compare(old, old.with(10, 'X '));
  const shown = (open: number[]) =>
    folded(diff, 2, 100, open).map(({ pieces, isFolded }) =>
      isFolded ? pieces.length : pieces.join('').trim(),
    );
  expect(shown([])).toEqual([8, '8 9', '10', 'X', '11 12', 7]);
  expect(shown([3])).toEqual([8, '8 9', '10', 'X', '11 12 13 14 15 16 17 18 19']);
  expect(folded(compare(old, old), 2, 100, [])).toMatchObject([{ isFolded: true }]);
  // What is new may be long as well.
  const added = folded(compare([], old), 2, 5, []);
  expect(added.map(({ pieces, isFolded }) => [pieces.length, isFolded])).toEqual([
    [5, false],
    [15, true],
  ]);
});

test('a folded diff still has every piece of it', () => {
  const all = texts(80);
  for (const [index, old] of all.entries()) {
    const diff = compare(words(old), words(all[(index * 3 + 1) % all.length] ?? ''));
    const parts = folded(diff, index % 3, 4, [index % 5]);
    expect(without({ parts, isCoarse: false }, 'none')).toBe(without(diff, 'none'));
  }
});

test('fields are compared by their place', () => {
  const before = '{"model":"a","messages":[{"role":"user","content":"x"}],"stop":["y"],"a/b~c":1}';
  const after =
    '{"messages":[{"content":"z","role":"user"},{"role":"assistant"}],"model":"a","a/b~c":1.50}';
  expect(fieldChanges(before, after)).toEqual([
    { pointer: '/messages/0/content', kind: 'changed', before: '"x"', after: '"z"' },
    { pointer: '/messages/1', kind: 'added', after: '{"role":"assistant"}' },
    { pointer: '/stop', kind: 'removed', before: '["y"]' },
    { pointer: '/a~1b~0c', kind: 'changed', before: '1', after: '1.5' },
  ]);
  expect(fieldChanges(before, before)).toEqual([]);
  expect(fieldChanges('{"a":null}', '{"a":[]}')).toEqual([
    { pointer: '/a', kind: 'changed', before: 'null', after: '[]' },
  ]);
  expect(fieldChanges('{"a":{}}', '{"a":[]}')).toHaveLength(1);
  expect(fieldChanges('[1', '{}')).toBeUndefined();
  const deep = '['.repeat(20_000) + ']'.repeat(20_000);
  expect(fieldChanges(deep, '{}')?.length ?? 0).toBeLessThanOrEqual(1);
});
