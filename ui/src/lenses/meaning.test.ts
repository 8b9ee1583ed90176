import { expect, test } from 'vitest';
import { hexLines } from '../parts/hex';
import type { Delta } from '../bindings/Delta';
import { usage } from '../host/replied';
import { fieldAt, meaning, oneLine, payload } from './meaning';

test('the JSON of a frame is what its data lines hold, laid out and with its numbers as written', () => {
  const laidOut = '{\n  "a": 1.0,\n  "b": [\n    12345678901234567890\n  ]\n}';
  for (const raw of [
    'data: {"a":1.0,"b":[12345678901234567890]}\n\n',
    'event: x\ndata: {"a":1.0,\ndata: "b":[12345678901234567890]}\n\n',
    '{"a":1.0,"b":[12345678901234567890]}\n',
    '[{"a":1.0,"b":[12345678901234567890]}',
    ',{"a":1.0,"b":[12345678901234567890]}]',
  ])
    expect(payload(raw)).toBe(laidOut);
  for (const raw of [': ping\n\n', 'data: [DONE]\n\n', '\n', 'data: {"a":\n\n', 'word', ''])
    expect(payload(raw)).toBeUndefined();
});

test('a count that a frame does not tell is not called 0', () => {
  const said = (input_tokens: number | null, output_tokens: number | null) =>
    meaning({ ...usage, input_tokens, output_tokens } as Delta).said;
  expect([said(9, 0), said(null, 4), said(9, null)]).toEqual(['9 in, 0 out', '4 out', '9 in']);
  expect(said(null, null)).toBe('no count of input or output that can be');
});

test('every line of JSON leads to its field', () => {
  const lines = payload('{"a/b":{"c":[1,{"d":"x"}]},"e":null}')?.split('\n') ?? [];
  const found = lines.map((_, line) => fieldAt(lines, line)?.pointer);
  expect(found).toContain('/a~1b/c/1/d');
  expect(found[1]).toBe('/a~1b');
  expect(found).toContain('/e');
  expect(
    fieldAt(
      lines,
      lines.findIndex((line) => line.includes('"d"')),
    )?.name,
  ).toBe('d');
});

test('what has no shape of its own is shown in a line', () => {
  expect(oneLine('data: {}\r\n\tx\n')).toBe('data: {}␍⏎→x⏎');
  expect(oneLine('x'.repeat(1000))).toHaveLength(400);
});

test('bytes stand with their places and their letters', () => {
  const bytes = Uint8Array.from(
    [...'data: "é"\n'].flatMap((it) => [...new TextEncoder().encode(it)]),
  );
  expect(hexLines(bytes, 100).split('\n')).toEqual([
    '   100  64 61 74 61 3a 20 22 c3  data: "·',
    '   108  a9 22 0a                 ·"·',
  ]);
});
