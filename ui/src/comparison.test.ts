import { expect, test } from 'vitest';
import type { Kept } from './bindings/Kept';
import type { RunEvent } from './bindings/RunEvent';
import { Comparison, diffByTokens, diffByWords } from './comparison.svelte';
import { FakeHost } from './host/fake';
import { UNSET } from './parameters';
import { ended, figures, verdicts } from './compare/figures';
import { Run } from './run.svelte';

const TARGET = { provider: 'openai', base_url: null, dialect: null, model: 'gpt-6-luna' };

interface Told {
  first?: number;
  ended?: number;
  tokens?: number;
  cost?: string | null;
  provider?: string;
}

/** A run that said `text`, with such figures. */
function told(text: string, { first = 1e6, ended = 3e6, tokens, cost, provider }: Told = {}): Run {
  const run = new Run('a', provider ? { ...TARGET, provider } : TARGET);
  const frame = (at_us: number, word: string, index: number): RunEvent => {
    const deltas = [{ type: 'text' as const, choice: 0, text: word }];
    return { type: 'frame', index, at_us, offset: 0, raw: '', deltas };
  };
  run.apply([frame(first, text, 0)]);
  if (tokens !== undefined)
    run.usage = {
      input_tokens: 10,
      cache_read_tokens: null,
      cache_write_tokens: null,
      cache_write_long_tokens: null,
      reported_cost: null,
      malformed: false,
      output_tokens: tokens,
      reasoning_tokens: null,
    };
  run.apply([{ type: 'finished', at_us: ended }]);
  if (cost !== undefined) {
    const bill = {
      lines: [],
      total: cost,
      missing: null,
      above: null,
      odd: [],
      batch_percent: null,
      reported: null,
    };
    run.bill = { model: '', bill, price: null, unknown: null };
  }
  return run;
}

const row = (name: string, a: Run, b: Run) => {
  const found = figures(a, b).find((figure) => figure.name === name);
  return found && [...found.values, found.difference.replaceAll('\u00a0', ' ')];
};

test('figures stand side by side, and the unknown is no number', () => {
  const a = told('x', { first: 1e6, ended: 3e6, tokens: 40, cost: '0.002' });
  const b = told('y', { first: 5e5, ended: 3e6, tokens: 50, cost: null });
  expect(row('Output tokens', a, b)).toEqual(['40', '50', '+10 (+25 %)']);
  expect(row('First token', a, b)).toEqual(['1.00 s', '500 ms', '−500 ms (−50 %)']);
  expect(row('Duration', a, b)).toEqual(['3.00 s', '3.00 s', '']);
  expect(row('Cost', a, b)).toEqual(['$0.002', 'unknown', '']);
  // Neither told how many tokens were read from a cache.
  expect(row('From cache', a, b)).toBeUndefined();
  expect(ended(told('z'))).toBe('ended');
});

test.each([
  [{ ended: 2e6 }, { ended: 3e6 }, 'A was faster: it was done 1.00 s sooner'],
  [{ ended: 3e6 }, { ended: 2e6, first: 1.5e6 }, 'first token came 500 ms later'],
  [{ ended: 3e6 }, { ended: 3.01e6 }, 'Both took about as long.'],
  [{ cost: '0.004' }, { cost: '0.001' }, 'B was cheaper, by $0.003 (75 % less).'],
  [{ cost: '0.004' }, { cost: '0.004' }, 'Both cost the same'],
  [{ cost: '0.004' }, { cost: null }, 'Which was cheaper is not known'],
  [{ provider: 'practice' }, { provider: 'practice' }, 'Both were free.'],
  [{ provider: 'practice' }, { cost: '0.004' }, 'A was free; the other cost $0.004.'],
])('of %j and %j it says %s', (a, b, says) => {
  expect(verdicts(told('x', a), told('y', b)).join(' ').replaceAll('\u00a0', ' ')).toContain(says);
});

test.each([
  [
    'One two three.',
    'One two four.',
    'The first 2 words are the same; 1 word is only in A, 1 only',
  ],
  ['One two.', 'One two.', 'The replies are the same, word for word.'],
  ['One', 'Two', 'They differ from the first word on; 1 word is only in A, 1 only in B.'],
  ['One two', 'One', 'The first word is the same; 1 word is only in A, 0 only in B.'],
  ['', 'One', 'They differ from the first word on; 0 words are only in A, 1 only in B.'],
])('%j and %j: %s', (a, b, says) => {
  expect(diffByWords(a, b).says).toContain(says);
});

test('very long replies are compared by lines, and it is said', () => {
  const long = 'The sky is blue today.\n'.repeat(50_000);
  const { remark, unit, says } = diffByWords(long, `Or not.\n${long}`);
  expect([unit, remark?.includes('by lines')]).toEqual(['line', true]);
  expect(says).toContain('0 lines are only in A, 1 only in B');
  const longer = long.repeat(2);
  expect(diffByWords(longer, `${longer}!`).remark).toContain('the first 2,000,000 characters');
});

test('tokens are compared as they were cut', async () => {
  const host = new FakeHost();
  const [a, b] = [await host.cut('a b c d', '', 100), await host.cut('a b x d', '', 100)];
  const { says, diff } = diffByTokens(a, b);
  expect(says).toBe('The first 2 tokens are the same; 1 token is only in A, 1 only in B.');
  expect(diff.parts.map(({ kind }) => kind)).toEqual(['same', 'removed', 'added', 'same']);
  const short = await host.cut('a b c d', '', 3);
  expect(diffByTokens(a, short).remark).toBe('Only the first 3 tokens are compared.');
});

/** A host that keeps two runs; the second is the older one. */
function hostOfTwo(): FakeHost {
  const host = new FakeHost();
  const kept = (id: string, started_ms: number, text: string) => {
    const summary = { id, started_ms, target: TARGET, by_hand: false } as Kept['summary'];
    const chat = { messages: [], parameters: UNSET };
    const deltas = [{ type: 'text' as const, choice: 0, text }];
    const events: RunEvent[] = [
      { type: 'frame', index: 0, at_us: 5, offset: 0, raw: '', deltas },
      { type: 'finished', at_us: 9 },
    ];
    return { run: { summary, chat, price: null }, events };
  };
  host.kept = [kept('new', 2000, 'b'), kept('old', 1000, 'a')];
  return host;
}

test('two recordings are folded as they were live, the older one first', async () => {
  const comparison = new Comparison(hostOfTwo(), ['new', 'old']);
  await comparison.load();
  expect(comparison.sides?.map(({ run }) => [run.id, run.text, run.ended, run.state])).toEqual([
    ['old', 'a', 9, 'finished'],
    ['new', 'b', 9, 'finished'],
  ]);
  const [a, b] = comparison.sides ?? [];
  if (!a || !b) return;
  await comparison.cuts.read([a.run, b.run]);
  expect(comparison.cuts.of([a.run, b.run])?.both?.map(({ count }) => count)).toEqual([1, 1]);
});

test('a run that is gone is said to be', async () => {
  const comparison = new Comparison(hostOfTwo(), ['new', 'gone']);
  await comparison.load();
  expect([comparison.sides, comparison.problem]).toEqual([
    undefined,
    'There is no such run any more.',
  ]);
});
