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

test('what is not JSON is told, and what is JSON is left alone', () => {
  expect(jsonProblem(' {"a": [1, null]}\n')).toBeUndefined();
  for (const text of ['', '{"a": 1', "{'a': 1}", '{"a": 1,}']) {
    expect(jsonProblem(text)).toMatch(/^This is not JSON: .+ It can still be sent/);
  }
});
