import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeHost } from '../host/fake';
import { MergeSteps, STEP } from './mergesteps.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function steps(): MergeSteps {
  const { tokens } = new FakeHost();
  const layout = { lanes: ['o200k_base' as const], columns: 80, specials: false, price_as: null };
  tokens.open('a', 'berry', layout, { first: 0, count: 1 });
  const merges = new MergeSteps();
  merges.show(tokens.howCut('a', 'o200k_base', 0) ?? undefined);
  return merges;
}

test('the merges play to their end and stop there', () => {
  const merges = steps();
  expect(merges.last).toBe(4);
  merges.play();
  vi.advanceTimersByTime(2 * STEP);
  expect([merges.at, merges.isPlaying]).toEqual([2, true]);
  vi.advanceTimersByTime(10 * STEP);
  expect([merges.at, merges.isPlaying, merges.isAtEnd]).toEqual([4, false, true]);
  merges.play();
  expect(merges.at).toBe(0);
});

test('a step by hand stops the play, and stays among the steps', () => {
  const merges = steps();
  merges.play();
  merges.go(merges.at + 1);
  vi.advanceTimersByTime(5 * STEP);
  expect(merges.at).toBe(1);
  merges.go(-3);
  expect(merges.at).toBe(0);
  merges.go(99);
  expect(merges.at).toBe(4);
});

test('another piece begins at its beginning', () => {
  const merges = steps();
  merges.go(3);
  merges.play();
  merges.show(undefined);
  vi.advanceTimersByTime(5 * STEP);
  expect([merges.at, merges.last, merges.isPlaying]).toEqual([0, 0, false]);
});
