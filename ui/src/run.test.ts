import { expect, test } from 'vitest';
import type { Delta } from './bindings/Delta';
import type { RunEvent } from './bindings/RunEvent';
import { Run } from './run.svelte';

const TARGET = { provider: 'practice', base_url: null, dialect: null, model: 'practice-1' };

function frame(index: number, at_us: number, ...deltas: Delta[]): RunEvent {
  return { type: 'frame', index, at_us, offset: 0, raw: '', deltas };
}

function story(words: string[]): RunEvent[] {
  const usage = { input_tokens: 3, output_tokens: words.length } as Extract<
    Delta,
    { type: 'usage' }
  >;
  return [
    ...words.map((text, index) =>
      frame(index, 1_000_000 + index * 100_000, { type: 'text', choice: 0, text }),
    ),
    frame(words.length, 9_000_000, { type: 'finish', choice: 0, reason: 'stop', raw: 'stop' }),
    frame(words.length + 1, 9_000_000, { ...usage, type: 'usage' }),
    { type: 'finished', at_us: 9_000_001 },
  ];
}

test('the fold does not depend on how events were batched', () => {
  const events = story(['Hel', 'lo', ', ', 'world\n'.repeat(3_000), '👩‍🚀']);
  const whole = new Run('whole', TARGET);
  whole.apply(events);
  for (const size of [1, 2, 3]) {
    const run = new Run(`by ${size}`, TARGET);
    for (let from = 0; from < events.length; from += size)
      run.apply(events.slice(from, from + size));
    expect(run.text).toBe(whole.text);
    expect(run.blocks.join('') + run.open).toBe(whole.text);
    expect([run.state, run.finish, run.usage]).toEqual([whole.state, whole.finish, whole.usage]);
  }
});

test('times and the rate come from the events', () => {
  const run = new Run('times', TARGET);
  run.apply(story(['a', 'b', 'c']));
  expect([run.firstWord, run.lastWord, run.ended]).toEqual([1_000_000, 1_200_000, 9_000_001]);
  expect(run.rate).toBeCloseTo(10);
});

test('what came before an error is kept', () => {
  const run = new Run('cut', TARGET);
  const error = { kind: 'cut', title: 'The stream was cut' } as Extract<
    RunEvent,
    { type: 'failed' }
  >['error'];
  run.apply([
    frame(0, 1, { type: 'text', choice: 0, text: 'half' }),
    { type: 'interrupted', at_us: 2, error },
  ]);
  expect([run.text, run.state, run.error?.kind]).toEqual(['half', 'interrupted', 'cut']);
});

test('several replies and tool calls are kept apart, however they interleave', () => {
  const text = (choice: number, text: string): Delta => ({ type: 'text', choice, text });
  const call = (index: number, name: string | null, args: string, choice = 0): Delta => {
    return { type: 'tool_call', choice, index, name, arguments: args };
  };
  const thought = (choice: number, text: string): Delta => ({ type: 'reasoning', choice, text });
  const run = new Run('a', TARGET);
  run.apply([
    frame(0, 1, text(2, 'c'), text(0, 'a'), call(1, 'weather', ''), text(1, 'b')),
    frame(1, 2, text(0, 'A'), call(1, null, '{"in":'), call(4, 'time', '{}'), text(2, 'C')),
    frame(2, 3, call(1, null, '"Rome"}'), text(4_000_000_000, 'far'), call(1, 'clock', '', 2)),
    frame(2, 3, thought(0, 'h'), thought(1, 'w'), thought(0, 'm'), call(1, null, '{}', 2)),
    frame(2, 3, { type: 'refusal', choice: 1, text: 'no' }, thought(1, 'hy')),
    frame(3, 4, { type: 'finish', choice: 0, reason: 'length', raw: 'length' }),
    frame(4, 5, { type: 'finish', choice: 1, reason: 'stop', raw: 'stop' }),
  ]);
  expect(run.text).toBe('aA');
  expect([run.reasoning, run.refusal]).toEqual(['hm', '']);
  expect(run.others.slice(0, 2)).toEqual([
    { text: 'b', reasoning: 'why', refusal: 'no' },
    { text: 'cC', reasoning: '', refusal: '' },
  ]);
  expect(run.others.length).toBe(128);
  expect(run.toolCalls).toEqual([
    { choice: 0, index: 1, name: 'weather', arguments: '{"in":"Rome"}' },
    { choice: 0, index: 4, name: 'time', arguments: '{}' },
    { choice: 2, index: 1, name: 'clock', arguments: '{}' },
  ]);
  expect(run.finish?.reason).toBe('length');
});
