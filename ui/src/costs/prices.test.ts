import { beforeEach, expect, test } from 'vitest';
import { FakeHost } from '../host/fake';
import { price } from '../host/fake-costs';
import { COLUMNS, NAME, PROVIDER, sorted } from './columns';
import { fieldsOf, ownPriceOf } from './ownprice';
import { EVERY_MODEL, Prices } from './prices.svelte';
import { Refresh } from './refresh.svelte';

let host = new FakeHost();
let changes = 0;
let prices = new Prices(host, () => changes++);
beforeEach(async () => {
  [host, changes] = [new FakeHost(), 0];
  prices = new Prices(host, () => changes++);
  await prices.read();
});

const ids = () => prices.rows.map(({ id }) => id);

test('every column sorts both ways, and what is not known comes last both ways', () => {
  const rows = prices.catalogue?.rows ?? [];
  for (const column of [NAME, PROVIDER, ...COLUMNS]) {
    for (const isUp of [true, false]) {
      const values = sorted(rows, column, isUp).map(column.value);
      const known = values.filter((it) => it !== null);
      expect(values.slice(0, known.length), column.id).toEqual(known);
      const pairs = known.slice(1).map((it, index) => [known[index], it] as const);
      for (const [one, other] of pairs)
        expect(isUp ? [one, other] : [other, one], column.id).toSatisfy(inOrder);
    }
  }
});

function inOrder([one, other]: [string | number, string | number]): boolean {
  if (typeof one === 'number' && typeof other === 'number') return one <= other;
  return String(one).localeCompare(String(other), 'en', { numeric: true }) <= 0;
}

test('a second press on a column turns it round', () => {
  prices.sortBy('input');
  expect(ids()).toEqual([
    'gpt-6-luna',
    'gemini-1.5-pro',
    'claude-sonnet-5-5',
    'gpt-4o',
    'mystery-1',
  ]);
  prices.sortBy('input');
  expect(ids()[0]).toBe('gpt-4o');
  expect(ids().at(-1)).toBe('mystery-1');
});

test('text, provider and status narrow it down together', () => {
  prices.narrow({ text: 'GPT 4' });
  expect(ids()).toEqual(['gpt-4o']);
  prices.narrow({ ...EVERY_MODEL, provider: 'openai' });
  expect(ids()).toEqual(['gpt-4o', 'gpt-6-luna', 'mystery-1']);
  prices.narrow({ ...EVERY_MODEL, status: 'retired' });
  expect(ids()).toEqual(['gemini-1.5-pro']);
  expect(prices.isFiltered).toBe(true);
});

test('an own price takes the place of ours, is told, and makes room again', async () => {
  const fields = { ...fieldsOf(prices.find('gpt-4o'), 'gpt-4o'), input: '7' };
  const { own } = ownPriceOf(fields, null);
  expect(own && (await prices.setOwn(own))).toBeUndefined();
  expect(prices.find('gpt-4o')?.price).toMatchObject({ input: '7', origin: 'own' });
  expect(prices.find('gpt-4o')?.hidden?.input).toBe('2.5');
  prices.narrow({ isOwn: true });
  expect(ids()).toEqual(['gpt-4o']);
  await prices.removeOwn('gpt-4o');
  expect(prices.find('gpt-4o')?.price?.input).toBe('2.5');
  expect(changes).toBe(2);
});

test("a model of the person's own can stand in for Practice", async () => {
  const { own } = ownPriceOf({ ...fieldsOf(undefined, 'mine'), input: '1', output: '2' }, null);
  expect(prices.others).toEqual([]);
  if (own) await prices.setOwn(own);
  expect(prices.others).toEqual(['mine']);
});

test('what is wrong with an own price is given back, with its field', async () => {
  host.setOwnPrice = () =>
    Promise.reject({ code: 'bad_price', message: 'Write 1.5, not 1,5.', field: 'input' });
  const { own } = ownPriceOf(fieldsOf(undefined, 'mine'), null);
  const refused = own && (await prices.setOwn(own));
  expect(refused).toEqual({ says: 'Write 1.5, not 1,5.', field: 'input' });
  expect(changes).toBe(0);
});

test('counts in the form that are no whole numbers never reach Rust', () => {
  const fields = { ...fieldsOf(undefined, 'mine'), above: 'long', batch_percent: '-1' };
  const read = ownPriceOf(fields, null);
  expect(read.own).toBeUndefined();
  expect(Object.keys(read.problems).sort()).toEqual(['above', 'batch_percent']);
});

test('a late answer about another day is not shown', async () => {
  const answers: (() => void)[] = [];
  const today = host.prices;
  host.catalogue = (day?: string | null) =>
    new Promise((resolve) => answers.push(() => resolve({ ...today, day: day ?? 'today' })));
  prices.day = '2026-01-01';
  const first = prices.read();
  prices.day = '2026-02-02';
  const second = prices.read();
  answers.reverse().forEach((it) => it());
  await Promise.all([first, second]);
  expect(prices.catalogue?.day).toBe('2026-02-02');
});

test('a feed changes nothing until it is taken, and all of it can be taken back', async () => {
  const refresh = new Refresh(host, prices);
  await refresh.read();
  expect(refresh.changes.map(({ model }) => model)).toEqual(['gpt-7', 'gpt-4o']);
  expect([host.taken, changes]).toEqual([[], 0]);
  await refresh.take();
  expect(host.taken).toEqual([{ id: 'feed-1', models: null }]);
  expect([refresh.diff, refresh.said, changes]).toEqual([
    undefined,
    expect.stringContaining('2'),
    1,
  ]);
  await refresh.undo();
  expect([prices.catalogue?.feed, changes]).toEqual([null, 2]);
});

test('what is not wanted of a feed is left', async () => {
  const refresh = new Refresh(host, prices);
  await refresh.read();
  refresh.mark(['gpt-7'], false);
  await refresh.take();
  expect(host.taken).toEqual([{ id: 'feed-1', models: ['gpt-4o'] }]);
  await refresh.read();
  refresh.mark(['gpt-7', 'gpt-4o'], false);
  await refresh.take();
  expect(host.taken).toHaveLength(1);
});

test('of a list that is older than ours nothing is ticked beforehand', async () => {
  const refresh = new Refresh(host, prices);
  const { readFeed } = host;
  host.readFeed = async () => {
    const diff = await readFeed();
    const [first, ...others] = diff.changed;
    const old = first ? [{ ...first, ended: '2026-08-21' }] : [];
    return { ...diff, changed: [...old, ...others] };
  };
  await refresh.read();
  expect([refresh.old.length, refresh.wanted.size, refresh.changes.length]).toEqual([1, 0, 2]);
});

test('a bad feed says so, and a file that was not picked says nothing', async () => {
  const refresh = new Refresh(host, prices);
  host.readFeed = () => Promise.reject({ code: 'bad_feed', message: 'This is no list of prices.' });
  await refresh.read();
  expect(refresh.problem).toBe('This is no list of prices.');
  expect([refresh.diff, refresh.isReading]).toEqual([undefined, false]);
  host.feed = null;
  await refresh.readFile();
  expect([refresh.diff, refresh.problem, refresh.isReading]).toEqual([undefined, undefined, false]);
});

test('a price with a tier and writes that are kept longer is told whole', () => {
  const above = { ...price('m', '4', '15'), prompt_tokens: 272_000 };
  const told = { ...price('m', '2', '10'), cache_write: '2.5', cache_write_long: '5', above };
  const row = { ...prices.rows[0], price: told } as (typeof prices.rows)[number];
  const text = (id: string) => COLUMNS.find((it) => it.id === id)?.text(row);
  expect(text('above')).toBe('above 272,000: $4.00 in, $15.00 out');
  expect(text('cache_write')).toBe('$2.50 / $5.00');
});

test('prices are said to be of their own day until those of another are there', async () => {
  prices.day = '2026-01-02';
  const reading = prices.read();
  expect(prices.shown).toBe('');
  await reading;
  expect(prices.shown).toBe('2026-01-02');
  prices.day = '';
  const today = prices.read();
  expect(prices.shown).toBe('2026-01-02');
  await today;
  expect(prices.shown).toBe('');
});

test('an own price that is removed comes back as it was typed', async () => {
  const typed = { ...fieldsOf(prices.find('gpt-4o'), 'gpt-4o'), input: '7', cache_read: '1' };
  for (const [fields, provider] of [
    [typed, null],
    [{ ...typed, model: 'mine', context_window: '128000', max_output: '16384' }, 'openai'],
  ] as const) {
    const { own } = ownPriceOf(fields, provider);
    if (own) await prices.setOwn(own);
    const before = prices.find(fields.model);
    await prices.removeOwn(fields.model);
    expect(prices.removed).toEqual(own);
    await prices.undoRemove();
    expect(prices.find(fields.model)).toEqual(before);
    expect(prices.removed).toBeUndefined();
  }
});
