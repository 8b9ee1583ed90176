import { expect, test } from 'vitest';
import { run } from './made';
import { badges, bars, charactersPerSecond, end, summary, ticks, told } from './race';

/** A bar as `kind from-to`, in milliseconds. */
const drawn = (made: ReturnType<typeof run>, now: number) =>
  bars(made.run, now * 1000).map(({ kind, from, to }) => `${kind} ${from / 1000}-${to / 1000}`);

test('a bar stands on the common clock, from where its run began', () => {
  const late = run('a', 'one two', { start: 3, headers: 10, first: 40, last: 60, end: 61 });
  expect(drawn(late, 100)).toEqual(['wait 3-43', 'text 43-63', 'tail 63-64']);
  expect(end(late)).toBe(64_000);
});

test('thoughts, refused attempts and pauses are stretches of their own', () => {
  const slow = run('a', 'one two', {
    refused: { at: 20, wait: 500 },
    headers: 540,
    think: 560,
    first: 600,
    last: 700,
    end: 701,
  });
  expect(drawn(slow, 1000)).toEqual([
    'failed 0-20',
    'pause 20-520',
    'wait 520-560',
    'think 560-600',
    'text 600-700',
    'tail 700-701',
  ]);
});

test('a run that was refused is one failed stretch', () => {
  const refused = run('a', '', { headers: 10, first: 40 });
  refused.run.firstWord = undefined;
  const error = { kind: 'bad_request', title: 'No', status: 400 } as never;
  refused.run.apply([{ type: 'failed', at_us: 60_000, error }]);
  expect(drawn(refused, 100)).toEqual(['failed 0-60']);
});

test('what goes on reaches to the instant that is shown, and no further', () => {
  const going = run('a', 'one two', { start: 2, first: 40, last: 60 });
  expect(drawn(going, 80).at(-1)).toBe('text 42-80');
  for (let now = 62; now < 100; now += 7)
    expect(bars(going.run, now * 1000).every(({ from, to }) => from <= to)).toBe(true);
});

test('the bars of a run follow each other without a gap', () => {
  for (const start of [0, 5])
    for (const think of [undefined, 30])
      for (const refused of [undefined, { at: 5, wait: 10 }]) {
        const times = { start, headers: 20, ...(think && { think }), first: 40, last: 80, end: 90 };
        const all = bars(run('a', 'x y', { ...times, ...(refused && { refused }) }).run, 99_000);
        all.slice(1).forEach(({ from }, at) => expect(from).toBe(all[at]?.to));
        expect([all[0]?.from, all.at(-1)?.to]).toEqual([start * 1000, (start + 90) * 1000]);
      }
});

test('each badge goes to one, by what is seen on the common clock', () => {
  const early = run('early', 'a long reply', { first: 20, last: 80, end: 90 });
  const late = run('late', 'short', { start: 5, first: 30, last: 40, end: 50 });
  const won = badges([early, late]);
  expect(won.get(early)).toEqual(['first word']);
  expect(won.get(late)).toEqual(['fastest', 'shortest']);
});

test('who began later has no advantage of it', () => {
  const sooner = run('sooner', 'x', { first: 20, end: 30 });
  const later = run('later', 'x', { start: 9, first: 17, end: 27 });
  expect(badges([sooner, later]).get(sooner)).toEqual(['first word', 'fastest']);
});

test('nobody wins a tie by chance, and nobody wins alone', () => {
  const one = run('one', 'same', { first: 20, end: 30 });
  const other = run('other', 'same', { first: 22, end: 29 });
  expect(badges([one, other]).size).toBe(0);
  expect(told([one, other])).toEqual([
    'Nobody spoke first: their first words came within a few milliseconds.',
  ]);
  expect(badges([one]).size).toBe(0);
});

test('the shortest has the fewest characters, and not units of a computer', () => {
  const [short, long] = [
    run('a', '👍👍👍', { first: 1, end: 2 }),
    run('b', 'four', { first: 1, end: 9 }),
  ];
  expect(badges([short, long]).get(short)).toContain('shortest');
});

test('characters a second leave out the first piece, as its wait is', () => {
  const one = run('a', 'Because 12345678', { first: 100, last: 600, end: 700 });
  expect(charactersPerSecond(one)).toBeCloseTo(16);
  expect(charactersPerSecond(run('b', 'one', { first: 100, end: 300 }))).toBeUndefined();
  expect(charactersPerSecond(run('c', 'one two', { first: 100, last: 200 }))).toBeUndefined();
});

test('lengths are not compared before all have ended', () => {
  const done = run('done', 'x', { first: 20, end: 30 });
  const going = run('going', 'much longer', { first: 35, last: 36 });
  expect(badges([done, going]).get(done)).toEqual(['first word', 'fastest']);
});

test('a price that is not known makes nobody the cheapest, and what is free does not count', () => {
  const paid = (name: string, total: string | null) => {
    const made = run(name, name, { first: 20, end: 30 });
    const target = { ...made.run.target, provider: 'openai' };
    Object.assign(made.run, { target });
    made.run.bill = { model: name, bill: { total } } as never;
    return made;
  };
  const [cheap, dear, unknown] = [paid('a', '0.1'), paid('b', '0.2'), paid('c', null)];
  const free = run('practice-1', 'free', { first: 21, end: 31 });
  expect(badges([cheap, dear, free]).get(cheap)).toContain('cheapest');
  expect([...badges([cheap, dear, unknown]).values()].flat()).not.toContain('cheapest');
  expect([...badges([cheap, free]).values()].flat()).not.toContain('cheapest');
});

test('a race is told as a teacher would', () => {
  const quick = run('quick', 'x', { first: 370, end: 900 });
  const busy = run('busy', 'x', {
    refused: { at: 100, wait: 500 },
    headers: 700,
    first: 800,
    end: 850,
  });
  expect(told([quick, busy])).toEqual([
    'quick spoke first, 370 ms after Send.',
    'busy was done first, after 850 ms: who speaks first need not be done first.',
    'busy was refused once for asking too often, waited 0.5 s and tried again: the wait is part of its time.',
  ]);
});

test('a column is summed up in one sentence at its end', () => {
  const { name, run: made } = run('a', 'Because of the air.', { first: 20, end: 90 });
  expect(summary({ name, run: made })).toBe(
    'a: done after 90 ms, 4 tokens, free. Because of the air.',
  );
});

test('an axis has few marks at round places, whatever its length', () => {
  for (let length = 1; length < 1e9; length = Math.ceil(length * 1.7)) {
    const marks = ticks(length);
    expect(marks[0]).toBe(0);
    expect(marks.length, String(length)).toBeLessThanOrEqual(7);
    expect(new Set(marks).size).toBe(marks.length);
    expect(marks.at(-1)).toBeLessThanOrEqual(length);
  }
  expect(ticks(2_500_000)).toEqual([0, 500_000, 1e6, 1.5e6, 2e6, 2.5e6]);
});
