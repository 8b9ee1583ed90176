import { expect, test } from 'vitest';
import { jsonProblem, parts } from './json';

test.each([
  '  "model": "practice-1",',
  '    { "role": "user", "content": "a \\" quoted: {1} \\\\" }',
  '  "temperature": -0.7e5,',
  '"unfinished',
  '  "stream": true',
  '',
  '👩‍🚀 <script>',
])('the parts of %j join back', (line) => {
  expect(
    parts(line)
      .map((part) => part.text)
      .join(''),
  ).toBe(line);
});

test('a key, a text, a number and a word are told apart', () => {
  const kinds = parts('"a": "b", 1.5 null').map(({ text, kind }) => `${kind} ${text.trim()}`);
  expect(kinds).toEqual(
    expect.arrayContaining(['key "a"', 'string "b"', 'number 1.5', 'word null']),
  );
});

test.each([
  ['', 1, 1, 'a value is expected'],
  ['{"a": 1', 1, 8, 'the closing } is missing'],
  ['[1, 2', 1, 6, 'the closing ] is missing'],
  ["{'a': 1}", 1, 2, 'double quotes'],
  ['{"a": 1,}', 1, 9, 'the name of a field'],
  ['{\n  "a": 1\n  "b": 2\n}', 3, 3, 'a comma is missing'],
  ['{\n  "a" 1\n}', 2, 7, 'a colon is missing'],
  ['{"a": 1} // b', 1, 10, 'no comments'],
  ['{"a": 1} {}', 1, 10, 'more follows'],
  ['{"a": "b\n"}', 1, 7, 'the closing double quote'],
  ['{"a": "\\x"}', 1, 7, 'no such escape'],
  ['{"a": yes}', 1, 7, 'double quotes'],
  ['{"a": 01}', 1, 8, 'a comma is missing'],
])('%j is told at line %i, column %i', (text, line, column, why) => {
  const problem = jsonProblem(text);
  expect(problem).toContain(`This is not JSON. Line ${line}, column ${column}: `);
  expect(problem).toContain(why);
  expect(problem).toMatch(/It can still be sent/);
});

test('what is JSON is left alone', () => {
  for (const text of [' {"a": [1, null]}\n', '"a"', '-0.5e3']) {
    expect(jsonProblem(text)).toBeUndefined();
  }
});
