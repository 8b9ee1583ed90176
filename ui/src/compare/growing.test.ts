import { expect, test } from 'vitest';
import type { ModelBill } from '../bindings/ModelBill';
import type { Usage } from '../bindings/Usage';
import { Bills } from '../bills.svelte';
import { FakeHost } from '../host/fake';
import { Run } from '../run.svelte';
import { Growing } from './growing.svelte';
import { events, practice } from './made';

/** A host at which each output token costs a cent, and each input token nothing. */
class Counting extends FakeHost {
  override async bill(...[model, usage, by]: [string, Usage, never]): Promise<ModelBill> {
    const { bill, ...rest } = await super.bill(model, usage, by);
    return { ...rest, bill: { ...bill, total: ((usage.output_tokens ?? 0) / 100).toFixed(2) } };
  }
}

test('what goes on is counted as it comes, and nothing of it twice', async () => {
  const all = events('one two three four', { first: 100, last: 200, end: 300 });
  const run = new Run('a', practice('a'));
  run.startUs = 7000;
  const estimate = { input_tokens: 5 };
  const prompt = { estimates: [estimate] } as never;
  const bills = new Bills(new Counting(), { run, calls: [run], priceAs: 'b', prompt });
  const growing = new Growing();
  const seen = () => {
    const { output, costs } = growing.of(run);
    return { output, costs };
  };
  const upTo = async (count: number) => {
    run.apply(all.slice(run.events.length, count));
    await growing.look(run, bills);
  };

  await upTo(2);
  expect(seen().costs, 'no word has come').toEqual([]);
  await upTo(3);
  expect(seen()).toEqual({ output: 2, costs: [{ at: 107_000, value: 0.02 }] });
  await Promise.all([growing.look(run, bills), growing.look(run, bills)]);
  await upTo(4);
  expect(seen().output, 'a frame is counted once').toBe(5);
  expect(seen().costs.at(-1)).toEqual({ at: 207_000, value: 0.05 });
  const { rates } = growing.of(run);
  expect(rates.some(({ value }) => value > 0)).toBe(true);
  expect(rates[0]?.at, 'on the clock of all').toBeGreaterThan(100_000);

  await upTo(all.length);
  expect(seen().output, 'the rest is told by the bill').toBe(5);
});

test('without a count of the prompt there is a pace and no cost', async () => {
  const run = new Run('a', practice('a'));
  run.apply(events('one two', { first: 100, last: 200 }));
  const growing = new Growing();
  await growing.look(run, new Bills(new Counting(), { run, calls: [run], priceAs: 'b' }));
  const { output, costs } = growing.of(run);
  expect([output, costs]).toEqual([3, []]);
});
