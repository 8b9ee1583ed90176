import { expect, test } from 'vitest';
import type { Delta } from '../bindings/Delta';
import { replied, text, usage } from '../host/replied';
import { chanceAt, pieceBy } from '../log';
import { replyCounts } from './counts';
import { exact, glance, pico, picoOf } from './glance';

test('a glance at a piece says its frame, its time, its tokens and its price', async () => {
  const play = await replied([], [text('The')], [text(' sky')], [usage]);
  expect(glance(play)).toBeUndefined();
  play.selection.point({ from: 3, to: 7 });
  expect(glance(play)?.said).toBe('" sky"');
  expect(glance(play)?.facts.map(({ figure }) => figure)).toEqual([
    '#2',
    '3 ms, +1 ms',
    'id 1001',
    '$0.000001',
  ]);
  play.selection.point({ from: 0, to: 7 });
  expect(glance(play)?.facts[0]?.words).toBe('frames 1 to 2');
  play.selection.point(undefined, { first: 3, last: 3 });
  expect(glance(play)?.said).toBe('usage: 9 in, 4 out');
});

test('what is pinned stays until it is let go, whatever the pointer passes', async () => {
  const { selection } = await replied([text('The')], [text(' sky')]);
  selection.press({ from: 0, to: 3 });
  selection.point({ from: 3, to: 7 });
  expect([selection.range, selection.isPinned]).toEqual([{ from: 0, to: 3 }, true]);
  selection.press({ from: 0, to: 3 });
  expect(selection.isPinned).toBe(false);
  selection.point({ from: 3, to: 7 });
  expect(selection.range).toEqual({ from: 3, to: 7 });
  selection.pin(undefined, { first: 1, last: 1 });
  expect([selection.range, selection.frames?.first, selection.isPinned]).toEqual([
    undefined,
    1,
    true,
  ]);
  selection.clear();
  expect([selection.frames, selection.isPinned]).toEqual([undefined, false]);
});

test('the arrow keys visit every piece of text once, there and back', async () => {
  const frames = [
    [],
    [text('a')],
    [usage],
    [text('bc')],
    [text('', 0)],
    [text('x', 1)],
    [text('d')],
  ];
  const run = (await replied(...frames)).run;
  if (!run) throw new Error('There is a run.');
  const there: string[] = [];
  let at = pieceBy('next', run, undefined);
  for (; at; at = pieceBy('next', run, at)) there.push(run.text.slice(at.from, at.to));
  expect(there.join('')).toBe(run.text);
  const back: string[] = [];
  at = pieceBy('last', run, undefined);
  for (; at; at = pieceBy('before', run, at)) back.push(run.text.slice(at.from, at.to));
  expect(back.reverse()).toEqual(there);
});

test('the prices of the pieces up to an instant are those of all its frames', async () => {
  const play = await replied([text('The')], [text(' sky')], [text(' is')], [usage]);
  const all = picoOf(play, { first: 0, last: 3 });
  const parts = [0, 1, 2].map((at) => picoOf(play, { first: at, last: at }) ?? 0n);
  expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(all);
  expect(picoOf(play, { first: 3, last: 3 })).toBeUndefined();
});

test('dollars are read and written exactly', () => {
  for (const amount of [0n, 1n, 999_999_999_999n, 1_000_000_000_000n, 12_345_678_901_234_567n])
    expect(pico(exact(amount))).toBe(amount);
  expect([pico('0.0000363'), pico('3')]).toEqual([36_300_000n, 3_000_000_000_000n]);
});

test('the alternatives are those of the token under the pointer', async () => {
  const chance = (token: string) => ({ token, bytes: null, logprob: -0.1, top: [] });
  const said = { ...text('blue sky'), logprobs: [chance('blue'), chance(' sky')] } as Delta;
  const { run } = await replied([text('A ')], [said]);
  const frame = run?.log.all[1];
  const tokens = [2, 5, 6, 9].map((place) => chanceAt(frame, place)?.token);
  expect(tokens).toEqual(['blue', 'blue', ' sky', ' sky']);
  expect(chanceAt(run?.log.all[0], 0)).toBeUndefined();
});

test('two counts that differ come with a reason, and two that agree with none', async () => {
  const { run } = await replied([text('The')], [usage]);
  if (!run) throw new Error('There is a run.');
  expect(replyCounts(4, run, undefined)?.why).toBe('They agree.');
  expect(replyCounts(3, run, undefined)?.why).toContain('Marks around the text');
  const encoding = { id: 'o200k_base', exact: false, reason: 'Nobody knows it.' };
  expect(replyCounts(3, run, encoding)?.why).toBe('Nobody knows it.');
  if (run.usage) run.usage = { ...run.usage, reasoning_tokens: 1 };
  expect(replyCounts(3, run, undefined)?.why).toContain('1 were spent on reasoning');
});

test('what is pinned is not lit up at an instant before it came', async () => {
  const play = await replied([text('The')], [text(' sky')], [text(' is')], [usage]);
  play.selection.pin({ from: 3, to: 10 });
  play.time.goTo(2500);
  expect(play.seen?.lit(play.selection)).toEqual({ first: 1, last: 1 });
  play.time.goTo(1500);
  expect([play.seen?.lit(play.selection), glance(play)]).toEqual([undefined, undefined]);
  play.time.leave();
  expect(play.seen?.lit(play.selection)).toEqual({ first: 1, last: 2 });
});
