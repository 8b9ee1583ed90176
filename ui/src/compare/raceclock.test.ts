import { expect, test } from 'vitest';
import { TimeMachine } from '../timemachine.svelte';
import { run } from './made';
import { RaceClock } from './raceclock.svelte';

function race() {
  const made = [
    run('a', 'one two', { first: 20, last: 40, end: 50 }),
    run('b', 'one two', { start: 4, first: 20, last: 60, end: 70 }),
  ];
  const racers = made.map(({ run }) => ({ run, time: new TimeMachine(() => run) }));
  return { racers, clock: new RaceClock(() => racers) };
}

test('one instant shows every run as it was then', () => {
  const { racers, clock } = race();
  expect(clock.duration).toBe(74_000);
  clock.goTo(24_000);
  expect(racers.map(({ time }) => time.run?.text)).toEqual(['one ', 'one ']);
  clock.goTo(23_999);
  expect(racers.map(({ time }) => time.run?.text)).toEqual(['one ', '']);
  // The first has ended by then: it is shown whole.
  clock.goTo(60_000);
  expect(racers.map(({ time }) => time.run?.state)).toEqual(['finished', 'running']);
  clock.leave();
  expect(racers.map(({ time }) => time.run?.text)).toEqual(['one two', 'one two']);
  expect(clock.isPast).toBe(false);
});

test('steps go through the events of all, there and back', () => {
  const { racers, clock } = race();
  const all = racers.flatMap(({ run }) => run.events.map(({ at_us }) => run.startUs + at_us));
  const times = [...new Set(all)].sort((one, other) => one - other);
  clock.goTo(0);
  const seen = [clock.now];
  for (let at = 1; at < times.length; at++) {
    clock.step(1);
    seen.push(clock.now);
  }
  expect(clock.isPast).toBe(false);
  expect(seen.slice(0, -1)).toEqual(times.slice(0, -1));
  const back: (number | undefined)[] = [];
  for (let at = 0; at < times.length - 1; at++) {
    clock.step(-1);
    back.push(clock.now);
  }
  expect(back).toEqual(times.slice(0, -1).reverse());
});

test('a step from between two events goes to the next, or to the one before', () => {
  const { clock } = race();
  clock.goTo(30_000.5);
  clock.step(1);
  expect(clock.now).toBe(40_000);
  clock.goTo(30_000.5);
  clock.step(-1);
  expect(clock.now).toBe(24_000);
});

test('while one goes on there is no past to look at', () => {
  const going = run('a', 'one two', { first: 20, last: 40 }).run;
  const clock = new RaceClock(() => [{ run: going, time: new TimeMachine(() => going) }]);
  clock.goTo(10);
  expect([clock.isPast, clock.isOver]).toEqual([false, false]);
});
