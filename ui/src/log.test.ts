import { expect, test } from 'vitest';
import type { Delta } from './bindings/Delta';
import type { Frame } from './bindings/Frame';
import { explained, inShort, stallFrom } from './lenses/meaning';
import { FrameLog, rawBytes, rawText } from './log';

const text = (words: string, choice = 0): Delta => ({ type: 'text', choice, text: words });
const usage: Delta = {
  type: 'usage',
  input_tokens: 3,
  cache_read_tokens: null,
  cache_write_tokens: null,
  cache_write_long_tokens: null,
  reported_cost: null,
  malformed: false,
  output_tokens: 4,
  reasoning_tokens: null,
};

function frame(index: number, at_us: number, raw: Frame['raw'], ...deltas: Delta[]): Frame {
  return { index, at_us, offset: 10 * index, raw, deltas };
}

function log(): FrameLog {
  const all = new FrameLog();
  all.add(frame(0, 300_000, ': ping'), 1, 100_000);
  all.add(frame(1, 310_000, 'é', text('Air ')), 1, 100_000);
  all.add(frame(2, 320_000, 'b', text('no', 1), text('👩‍🚀 '), text('x')), 1, 100_000);
  all.add(frame(3, 330_000, 'c', usage), 1, 100_000);
  all.add(frame(4, 900_000, 'd', text('end')), 1, 100_000);
  return all;
}

test('each character of the reply came in exactly one frame', () => {
  const { all } = log();
  const whole = 'Air 👩‍🚀 xend';
  for (const place of Array(whole.length).keys()) {
    const brought = all.filter(({ from, to }) => from <= place && place < to);
    expect(brought.length).toBe(1);
    expect(all[log().bringing(place) ?? -1]?.index).toBe(brought[0]?.index);
  }
  expect(all.map(({ from, to }) => whole.slice(from, to)).join('')).toBe(whole);
  expect(log().bringing(whole.length)).toBeUndefined();
});

test('gaps are counted from the frame before, in each attempt anew', () => {
  const all = log();
  all.add(frame(0, 1_500_000, 'e'), 2, 1_200_000);
  expect(all.all.map(({ gap }) => gap)).toEqual([
    200_000, 10_000, 10_000, 10_000, 570_000, 300_000,
  ]);
  expect(all.all[1]?.size).toBe(2);
});

test('a stall is a pause far above the usual one', () => {
  const { all } = log();
  const stall = stallFrom(all);
  expect(all.filter(({ gap }) => gap >= stall).map(({ index }) => index)).toEqual([4]);
  const [, , , before, last] = all;
  if (!before || !last) throw new Error('there are five');
  expect(explained(before, last, stall)).toContain('A pause of 570 ms followed');
  expect(explained(last, undefined, stall)).toBe('Frame 4 brought text, at byte 40.');
});

test('a frame is told in a word and its news', () => {
  const told = log().all.map((it) => Object.values(inShort(it)).join(' '));
  expect(told).toEqual([
    'comment ping',
    'text "Air "',
    'text 2 "no"',
    'usage 3 in, 4 out',
    'text "end"',
  ]);
});

test('bytes that are no UTF-8 are there all the same', () => {
  const raw = { base64: btoa('\xff\x00a') };
  expect([...rawBytes(raw)]).toEqual([255, 0, 97]);
  expect(rawText(raw)).toBe('\ufffd\u0000a');
});
