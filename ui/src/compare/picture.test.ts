import { expect, test } from 'vitest';
import { run } from './made';
import { strokes, wrapped } from './picture';

/** Every character is as wide as half its size. */
const measure = (text: string, size: number) => (text.length * size) / 2;

test('text is broken between words, and a long word where it must be', () => {
  const lines = wrapped('one two three\nfour', 60, measure, 9);
  expect(lines).toEqual(['one two', 'three', 'four']);
  expect(wrapped('x'.repeat(20), 60, measure, 9)).toEqual(['xxxxxxxx', 'xxxxxxxx', 'xxxx']);
  expect(wrapped('a\nb\nc\nd', 60, measure, 3)).toEqual(['a', 'b', '…']);
});

test('no line is wider than its column, whatever the text', () => {
  for (const text of ['', '  ', 'a  b', 'w'.repeat(300), '界'.repeat(50), 'x y '.repeat(90)])
    for (const line of wrapped(text, 100, measure, 99))
      expect(measure(line, 15), line).toBeLessThanOrEqual(100);
});

test('a picture has the question, every reply, and the race within its edges', () => {
  const all = [
    run('quick', 'A short reply.', { first: 20, last: 30, end: 31 }),
    run('slow', 'A longer reply. '.repeat(200), { start: 3, first: 90, last: 400, end: 410 }),
  ];
  const { strokes: drawn, width, height } = strokes('Why?', all, measure);
  const texts = drawn.flatMap((it) => ('text' in it ? [it.text] : []));
  for (const text of ['Why?', 'A short reply.', 'quick', 'slow', 'Waiting', 'Text'])
    expect(texts).toContain(text);
  for (const it of drawn) {
    expect(it.x).toBeGreaterThanOrEqual(0);
    expect(it.y).toBeLessThan(height);
    if ('width' in it) expect(it.x + it.width).toBeLessThanOrEqual(width);
  }
});
