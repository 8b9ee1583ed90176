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

/** Streams of one display, and what each was given in which of its frames. */
function sideBySide(...names: string[]) {
  const display = new Display();
  const seen: string[] = [];
  let frame = 0;
  const streams = names.map(
    (name) =>
      new Pacer<number>((items) => {
        if (name === 'bad') throw new Error('no');
        seen.push(`${name} ${items.join()} in ${String(frame)}`);
      }, display),
  );
  const next = () => {
    frame++;
    vi.advanceTimersToNextFrame();
  };
  return { streams, seen, next };
}

test('streams side by side have a frame each, and one that fails holds no other up', () => {
  vi.stubGlobal('reportError', () => undefined);
  const { streams, seen, next } = sideBySide('one', 'bad', 'other');
  for (const item of [1, 2]) for (const stream of streams) stream.push(item);
  for (let frame = 0; frame < 3; frame++) next();
  vi.unstubAllGlobals();
  expect(seen).toEqual(['one 1,2 in 1', 'other 1,2 in 3']);
});

test('each stream has its frame before one of them has another', () => {
  const { streams, seen, next } = sideBySide('one', 'two', 'three');
  for (const stream of streams) stream.push(1);
  next();
  for (const stream of streams) stream.push(2);
  for (let frame = 0; frame < 3; frame++) next();
  expect(seen).toEqual(['one 1 in 1', 'two 1,2 in 2', 'three 1,2 in 3', 'one 2 in 4']);
});

test('a window that draws nothing is told of all of them at once', () => {
  const { streams, seen } = sideBySide('one', 'two', 'three');
  vi.stubGlobal('requestAnimationFrame', () => 0);
  for (const stream of streams) stream.push(1);
  vi.advanceTimersByTime(300);
  vi.unstubAllGlobals();
  expect(seen).toHaveLength(3);
});
