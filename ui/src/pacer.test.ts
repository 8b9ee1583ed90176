import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Pacer } from './pacer';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['requestAnimationFrame', 'cancelAnimationFrame', 'setTimeout', 'performance'],
  });
});
afterEach(() => void vi.useRealTimers());

function watched(): { pacer: Pacer<number>; seen: number[][] } {
  const seen: number[][] = [];
  return { pacer: new Pacer((items) => void seen.push(items)), seen };
}

test('what came is handed on in order, once for each frame of the display', () => {
  const { pacer, seen } = watched();
  for (const items of [[1], [2, 3]]) pacer.push(items);
  expect(seen).toEqual([]);
  vi.advanceTimersToNextFrame();
  expect(seen).toEqual([[1, 2, 3]]);
  pacer.push([4]);
  vi.advanceTimersToNextFrame();
  expect(seen).toEqual([[1, 2, 3], [4]]);
});

test('after very much at once, the display rests for some frames', () => {
  const { pacer, seen } = watched();
  pacer.push(Array.from({ length: 1000 }, (_, index) => index));
  vi.advanceTimersToNextFrame();
  expect(seen.length).toBe(1);
  pacer.push([1]);
  vi.advanceTimersToNextFrame();
  expect(seen.length).toBe(1);
  vi.advanceTimersByTime(100);
  expect(seen[1]).toEqual([1]);
});

test('a window that draws nothing is told all the same', () => {
  const { pacer, seen } = watched();
  vi.stubGlobal('requestAnimationFrame', () => 0);
  pacer.push([1]);
  vi.advanceTimersByTime(1000);
  vi.unstubAllGlobals();
  expect(seen).toEqual([[1]]);
});
