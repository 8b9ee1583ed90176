import { expect, test } from 'vitest';
import { laidOut, partLines } from './lines';

const BODY = `{
  "model": "m",
  "messages": [
    {
      "role": "user",
      "content": "Why?"
    }
  ]
}`;

test('each line belongs to the innermost part around it', () => {
  const lines = partLines(BODY, [null, '/model', '/messages/0', '/messages/0/role']);
  expect(lines.map(({ part, isFirst }) => [part, isFirst])).toEqual([
    [undefined, false],
    [1, true],
    [undefined, false],
    [2, true],
    [3, true],
    [2, false],
    [2, false],
    [undefined, false],
    [undefined, false],
  ]);
  expect(lines[4]).toMatchObject({ indent: 6, text: '"role": "user",' });
});

test('a body in one line is laid out, and what is no JSON is shown as it is', () => {
  expect(laidOut('{"a":[1]}').split('\n')).toHaveLength(5);
  expect(partLines('no JSON', ['/a'])).toEqual([
    { indent: 0, text: 'no JSON', part: undefined, isFirst: false, more: 0 },
  ]);
});

test('a pointer that leads nowhere colours nothing, and a long line is cut', () => {
  const [, line] = partLines(`{\n  "a": "${'x'.repeat(1000)}"\n}`, ['/b']);
  expect(line?.part).toBeUndefined();
  expect([line?.text.length, line?.more]).toEqual([400, 607]);
});
