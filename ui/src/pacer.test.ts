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
