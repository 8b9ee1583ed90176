import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Display, Pacer } from './pacer';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['requestAnimationFrame', 'cancelAnimationFrame', 'setTimeout', 'performance'],
  });
});
afterEach(() => void vi.useRealTimers());

function watched(): { pacer: Pacer<number>; seen: number[][] } {
  const seen: number[][] = [];
  return { pacer: new Pacer((items) => void seen.push(items), new Display()), seen };
}

test('what came is handed on in order, once for each frame of the display', () => {
  const { pacer, seen } = watched();
  for (const item of [1, 2]) pacer.push(item);
  expect(seen).toEqual([]);
  vi.advanceTimersToNextFrame();
  expect(seen).toEqual([[1, 2]]);
  pacer.push(3);
  vi.advanceTimersToNextFrame();
  expect(seen).toEqual([[1, 2], [3]]);
});

test('after much at once, the display rests for some frames', () => {
  const { pacer, seen } = watched();
  for (const item of [1, 2, 3]) pacer.push(item);
  vi.advanceTimersToNextFrame();
  pacer.push(4);
  vi.advanceTimersToNextFrame();
  expect(seen).toEqual([[1, 2, 3]]);
  vi.advanceTimersByTime(100);
  expect(seen[1]).toEqual([4]);
});

test('a window that draws nothing is told all the same', () => {
  const { pacer, seen } = watched();
  vi.stubGlobal('requestAnimationFrame', () => 0);
  pacer.push(1);
  vi.advanceTimersByTime(1000);
  vi.unstubAllGlobals();
  expect(seen).toEqual([[1]]);
});

test('streams side by side are handed on in one turn, and one that fails holds no other up', () => {
  const display = new Display();
  const seen: string[] = [];
  let turn = 0;
  const said = (name: string) =>
    new Pacer<number>((items) => {
      if (name === 'bad') throw new Error('no');
      seen.push(`${name} ${items.join()} in ${String(turn)}`);
    }, display);
  vi.stubGlobal('reportError', () => undefined);
  const [one, bad, other] = [said('one'), said('bad'), said('other')];
  for (const item of [1, 2]) {
    for (const pacer of [one, bad, other]) pacer.push(item);
  }
  requestAnimationFrame(() => turn++);
  vi.advanceTimersToNextFrame();
  vi.unstubAllGlobals();
  expect(seen).toEqual(['one 1,2 in 0', 'other 1,2 in 0']);
});

test('what a frame has no time for has the next one, before what came later', () => {
  const display = new Display();
  const seen: string[] = [];
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  const slow = (name: string) =>
    new Pacer<number>((items) => {
      seen.push(`${name} ${items.join()}`);
      now += 20;
    }, display);
  const all = ['one', 'two', 'three'].map(slow);
  for (const pacer of all) pacer.push(1);
  vi.advanceTimersToNextFrame();
  expect(seen).toEqual(['one 1']);
  for (const pacer of all) pacer.push(2);
  vi.advanceTimersToNextFrame();
  vi.advanceTimersToNextFrame();
  expect(seen).toEqual(['one 1', 'two 1,2', 'three 1,2']);
  vi.advanceTimersToNextFrame();
  expect(seen.slice(3)).toEqual(['one 2']);
  clock.mockRestore();
});
