import { expect, test, vi } from 'vitest';
import { Latest } from './latest';

test('answers come in order, and questions that were overtaken are not asked', async () => {
  const asked: number[] = [];
  const answered: number[] = [];
  const release: (() => void)[] = [];
  const latest = new Latest<number, number>(
    (question) => {
      asked.push(question);
      return new Promise((resolve) => release.push(() => resolve(question)));
    },
    (answer) => answered.push(answer),
  );
  for (const question of [1, 2, 3, 4]) latest.want(question);
  release.shift()?.();
  await expect.poll(() => asked).toEqual([1, 4]);
  release.shift()?.();
  await expect.poll(() => answered).toEqual([1, 4]);
});

test('a refusal is reported, and the next question is asked', async () => {
  const refused: unknown[] = [];
  const answered: string[] = [];
  const latest = new Latest<string, string>(
    (question) =>
      question === 'bad' ? Promise.reject(new Error('no')) : Promise.resolve(question),
    (answer) => answered.push(answer),
    (error) => refused.push(error),
  );
  latest.want('bad');
  await expect.poll(() => refused.length).toBe(1);
  latest.want('good');
  await expect.poll(() => answered).toEqual(['good']);
});

test('questions that keep coming are answered while they come', async () => {
  vi.useFakeTimers();
  const answered: number[] = [];
  const latest = new Latest<number, number>(
    (question) => Promise.resolve(question),
    (answer) => answered.push(answer),
  );
  for (let question = 0; question < 20; question++) {
    latest.want(question, 200);
    await vi.advanceTimersByTimeAsync(25);
  }
  vi.useRealTimers();
  expect(answered.length).toBeGreaterThan(1);
});
