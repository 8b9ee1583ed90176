import { expect, test, vi } from 'vitest';
import type { Delta } from './bindings/Delta';
import type { RunEvent } from './bindings/RunEvent';
import type { WireRequest } from './bindings/WireRequest';
import { inventory } from './rooms/play/cut';
import { Run } from './run.svelte';
import { PACES, TimeMachine } from './timemachine.svelte';

const TARGET = { provider: 'practice', base_url: null, dialect: null, model: 'practice-1' };
const REQUEST: WireRequest = { method: 'POST', url: 'http://a', headers: [], body: '{}' };

/** A run with a retry, a thought, a call, counts that come in parts, and long text. */
function story(): RunEvent[] {
  let index = 0;
  let at = 0;
  const frame = (...deltas: Delta[]): RunEvent => {
    at += 1000 + ((index * 7919) % 5000);
    return {
      type: 'frame',
      index: index++,
      at_us: at,
      offset: index * 10,
      raw: 'data: x\n\n',
      deltas,
    };
  };
  const text = (text: string): Delta => ({ type: 'text', choice: 0, text });
  const usage = (input_tokens: number, output_tokens: number): Delta => {
    const none = {
      cache_read_tokens: null,
      cache_write_tokens: null,
      cache_write_long_tokens: null,
      reported_cost: null,
      malformed: false,
      reasoning_tokens: null,
    };
    return { type: 'usage', input_tokens, output_tokens, ...none };
  };
  const called = (name: string | null, more: string): Delta => {
    return { type: 'tool_call', choice: 0, index: 0, name, arguments: more };
  };
  const began = (attempt: number): RunEvent => {
    return { type: 'attempt_started', at_us: at, attempt, request: REQUEST };
  };
  return [
    began(1),
    { type: 'attempt_failed', at_us: (at += 500), attempt: 1, error: { kind: 'overloaded' } },
    { type: 'waiting', at_us: at, for_us: 900, because: 'backoff' },
    ((at += 900), began(2)),
    { type: 'response_started', at_us: (at += 300), status: 200, version: '', headers: [] },
    frame({ type: 'model', id: 'practice-1' }, usage(9, 1)),
    frame({ type: 'reasoning', choice: 0, text: 'Hm.' }),
    frame(),
    ...Array.from({ length: 40 }, (_, word) => frame(text(`word ${String(word)}\n`.repeat(9)))),
    frame(called('look', '{"a":')),
    frame(called(null, '1}')),
    frame({ type: 'finish', choice: 0, reason: 'stop', raw: 'stop' }),
    frame(usage(9, 360)),
    { type: 'finished', at_us: at + 100 },
  ] as RunEvent[];
}

function machine(): { run: Run; time: TimeMachine } {
  const run = new Run('a', TARGET);
  run.apply(story());
  return { run, time: new TimeMachine(() => run) };
}

/** All that a lens may read of a run. */
function seen(run: Run | undefined) {
  if (!run) throw new Error('There is a run to look at.');
  const { state, text, reasoning, toolCalls, usage, finish, frames, attempts } = run;
  const { firstWord, lastWord, ended, answeredBy, status, blocks, open } = run;
  const words = { text, reasoning, toolCalls, joined: blocks.join('') + open };
  return {
    state,
    words,
    usage,
    finish,
    frames,
    attempts,
    firstWord,
    lastWord,
    ended,
    answeredBy,
    status,
  };
}

test('every instant is the fold of the events before it, whichever way one gets there', () => {
  const { run, time } = machine();
  const instants = run.events.map((_, count) => {
    const past = new Run('a', TARGET);
    past.apply(run.events.slice(0, count));
    return seen(past);
  });
  let random = 11;
  for (let go = 0; go < 600; go++) {
    random = (random * 16807) % 2147483647;
    if (random % 2 === 0) time.step((random % 13) - 6);
    else time.goTo(random % (time.duration + 1));
    const { behind, of } = time.place;
    expect(seen(time.run)).toEqual(behind === of ? seen(run) : instants[behind]);
  }
  expect(run.log.all).toHaveLength(run.frames);
});

test('an instant has those events behind it that had come by then', () => {
  const { run, time } = machine();
  for (let at = 0; at < time.duration; at += 777) {
    time.goTo(at);
    expect(time.place.behind).toBe(run.events.filter((event) => event.at_us <= at).length);
  }
  time.goTo(time.duration);
  expect([time.isPast, time.run]).toEqual([false, run]);
});

test('one can walk from the first event to the end and back', () => {
  const { run, time } = machine();
  for (let count = run.events.length - 1; count > 0; count--) {
    time.step(-1);
    expect(time.place.behind).toBe(count);
  }
  time.step(-1);
  expect(time.place.behind).toBe(1);
  for (let count = 2; count < run.events.length; count++) {
    time.step(1);
    expect(time.place.behind).toBe(count);
  }
  time.step(1);
  expect([time.isPast, time.run]).toEqual([false, run]);
});

test('a cut leaves what had come, and says what is missing', () => {
  const { run, time } = machine();
  time.goTo(run.log.all[20]?.at ?? 0);
  const before = time.run?.text ?? '';
  time.cut();
  expect(time.run?.text).toBe(before);
  expect(time.run?.state).toBe('interrupted');
  const items = inventory(time.run ?? run, run);
  const of = (name: string) => items.find((it) => it.name === name)?.has;
  expect([of('Bytes'), of('Text'), of('Call of look')]).toEqual(['part', 'part', 'nothing']);
  expect([of('Finish reason'), of('Usage')]).toEqual(['nothing', 'part']);
  time.step(1);
  expect([time.isCut, time.run?.state]).toEqual([false, 'running']);
  expect(run.state).toBe('finished');
});

test('a cut after the last frame misses nothing', () => {
  const { run, time } = machine();
  time.cut();
  expect(time.place.behind).toBe(run.events.length - 1);
  expect(inventory(time.run ?? run, run).every(({ has }) => has === 'all')).toBe(true);
});

test('a recording is played at its pace, and ends in the present', () => {
  vi.useFakeTimers({ toFake: ['requestAnimationFrame', 'performance'] });
  for (const pace of PACES) {
    const { time } = machine();
    time.pace = pace;
    time.play();
    const tenth = time.duration / 10_000 / pace;
    for (let tenths = 1; tenths < 10; tenths++) {
      vi.advanceTimersByTime(tenth);
      // The display draws 60 frames a second, so it is at most one of them behind.
      const played = tenths * tenth * 1000 * pace;
      expect(time.now).toBeGreaterThanOrEqual(played - 17_000 * pace);
      expect(time.now).toBeLessThanOrEqual(played);
    }
    vi.advanceTimersByTime(2 * tenth + 17);
    expect([time.isPast, time.isPlaying]).toEqual([false, false]);
  }
  vi.useRealTimers();
});
