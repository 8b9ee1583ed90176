import { expect, test } from 'vitest';
import type { ApiError } from './bindings/ApiError';
import type { Delta } from './bindings/Delta';
import type { RunEvent } from './bindings/RunEvent';
import { Run } from './run.svelte';

const TARGET = { provider: 'custom', base_url: null, dialect: null, model: 'm' };
const TEXTS = [
  '',
  'a',
  ' word',
  '\n',
  '\n\n',
  '```js\n',
  '```\n',
  '👩‍🚀',
  '\u202e',
  '🏳️',
  '- item\n',
];

/** The same numbers for the same seed (Lehmer). */
function chance(seed: number): (below: number) => number {
  let state = seed * 7919 + 1;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

/** Any story that a run could tell, as the wire between Rust and the page carries it. */
function story(below: (below: number) => number): RunEvent[] {
  const text = () => TEXTS[below(TEXTS.length)] ?? '';
  const count = () => (below(3) === 0 ? null : below(1000));
  const error = { kind: 'cut', title: text(), body: text(), fixes: [] } as unknown as ApiError;
  const delta = (): Delta => {
    const choice = below(4) === 0 ? below(3) : 0;
    const all: Delta[] = [
      { type: 'text', choice, text: text() },
      { type: 'text', choice, text: text() },
      { type: 'reasoning', choice, text: text() },
      { type: 'refusal', choice, text: text() },
      { type: 'tool_call', choice, index: below(3), name: text() || null, arguments: text() },
      {
        type: 'usage',
        input_tokens: count(),
        cache_read_tokens: count(),
        cache_write_tokens: count(),
        cache_write_long_tokens: count(),
        reported_cost: null,
        malformed: false,
        output_tokens: count(),
        reasoning_tokens: count(),
      },
      { type: 'finish', choice, reason: 'stop', raw: text() },
      { type: 'model', id: text() },
      { type: 'error', ...error },
      { type: 'unreadable', reason: text() },
      { type: 'done' },
    ];
    return all[below(all.length)] ?? { type: 'done' };
  };
  const request = { method: 'POST' as const, url: text(), headers: [], body: text() };
  const events: RunEvent[] = [{ type: 'attempt_started', at_us: 0, attempt: 1, request }];
  let [at_us, index, offset] = [0, 0, 0];
  for (let left = below(40); left > 0; left--) {
    at_us += below(100_000);
    const raw = below(9) === 0 ? { base64: btoa('\xff') } : text();
    const deltas = Array.from({ length: below(4) }, delta);
    events.push({ type: 'frame', index: index++, at_us, offset: offset++, raw, deltas });
  }
  const ends: RunEvent[] = [
    { type: 'finished', at_us },
    { type: 'cancelled', at_us },
    { type: 'interrupted', at_us, error },
    { type: 'failed', at_us, error },
  ];
  const end = ends[below(5)];
  return end ? [...events, end] : events;
}

/** All that a run knows. */
function known(run: Run): unknown {
  return {
    text: run.text,
    shown: run.blocks.join('') + run.open,
    log: run.log.all,
    state: run.state,
    request: run.request,
    status: run.status,
    attempts: run.attempts,
    others: run.others,
    toolCalls: run.toolCalls,
    reasoning: run.reasoning,
    refusal: run.refusal,
    usage: run.usage,
    finish: run.finish,
    answeredBy: run.answeredBy,
    error: run.error,
    unreadable: run.unreadable,
    frames: run.frames,
    times: [run.firstWord, run.lastWord, run.ended],
  };
}

test('a replay is what was live, however its events were batched', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const below = chance(seed);
    const events = story(below);
    const live = new Run('live', TARGET);
    for (let from = 0; from < events.length;) {
      const to = from + 1 + below(7);
      live.apply(events.slice(from, to));
      from = to;
    }
    const replayed = new Run('replayed', TARGET);
    replayed.apply(JSON.parse(JSON.stringify(events)) as RunEvent[]);
    expect(known(replayed), `seed ${String(seed)}`).toEqual(known(live));
    expect(live.blocks.join('') + live.open).toBe(live.text);
  }
});

test('each character of any reply came in exactly one frame, and the frames make the reply', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const run = new Run('a', TARGET);
    run.apply(story(chance(seed)));
    const { all } = run.log;
    expect(all.map(({ from, to }) => run.text.slice(from, to)).join('')).toBe(run.text);
    let place = 0;
    for (const { from, to } of all) {
      expect(from).toBe(place);
      place = to;
    }
    for (const at of Array(run.text.length).keys()) {
      const { from, to } = all[run.log.bringing(at) ?? -1] ?? { from: -1, to: -1 };
      expect(from <= at && at < to, `seed ${String(seed)}`).toBe(true);
    }
  }
});
