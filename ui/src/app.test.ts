import { expect, test } from 'vitest';
import { App } from './app.svelte';
import { Batch } from './batch/batch.svelte';
import type { ComparisonSummary } from './bindings/ComparisonSummary';
import type { Summary } from './bindings/Summary';
import { FakeHost } from './host/fake';
import { UNSET } from './parameters';

test('settings that wait to be written are written before keys are asked for', async () => {
  const host = new FakeHost();
  const app = new App(host, await host.start());
  const [save, keys] = [host.saveSettings.bind(host), host.keys];
  // Writing takes a moment, and keys are listed for the servers that have been written.
  host.saveSettings = (settings) => Promise.resolve(settings).then(save);
  const listed: string[] = [];
  host.keys = () => {
    listed.push(...host.settings.servers.map(({ name }) => name));
    return keys();
  };
  app.change({ servers: [{ name: 'Mine', base_url: 'http://127.0.0.1:8900/v1', dialect: null }] });
  await app.keys();
  expect(listed).toEqual(['Mine']);
});

test('prices that change are asked for again, and what was billed is billed anew', async () => {
  const host = new FakeHost();
  const app = new App(host, await host.start());
  const told = await host.start();
  host.start = () => Promise.resolve({ ...told, models: told.models.slice(0, 1) });
  await app.costs.prices.removeOwn('gpt-4o');
  await expect.poll(() => app.models).toHaveLength(1);
});

test('settings that are refused are left as they were', async () => {
  const host = new FakeHost();
  const app = new App(host, await host.start());
  host.saveSettings = () => Promise.reject({ code: 'bad_settings', message: 'No such address.' });
  const feed = app.settings.price_feed;
  await expect(app.keep({ price_feed: 'nowhere' })).rejects.toMatchObject({ code: 'bad_settings' });
  expect(app.settings.price_feed).toBe(feed);
});

test('while names are hidden, other rooms go by one column, whichever is looked at', async () => {
  const host = new FakeHost();
  const app = new App(host, await host.start());
  const mini = { ...app.play.target, model: 'practice-mini' };
  app.pickMore(mini);
  expect(app.named.target.model, 'it is the one that is looked at').toBe('practice-mini');
  app.columns.blind.begin();
  const seen = app.columns.all.map((column) => {
    app.columns.select(column);
    return app.named;
  });
  expect(new Set(seen).size).toBe(1);
});

test('a sweep that was kept comes back as its grid, and a press on a room leaves it', async () => {
  const host = new FakeHost();
  const app = new App(host, await host.start());
  const target = app.play.target;
  host.comparisons.kept = {
    summary: { id: 'kept', kind: 'sweep', title: '' } as ComparisonSummary,
    plan: {
      columns: [{ label: 'temperature 0', target, system: '', parameters: UNSET, muted: false }],
      rows: [{ label: '1', messages: [], prompt: 'Why?' }],
      ...{ repeats: 3, order: [], varies: 'temperature', votes: [] },
    },
    cells: [],
  };
  await app.openComparison('kept');
  expect([app.room, app.isBatching]).toEqual(['play', true]);
  expect(app.batches.batch?.shape).toMatchObject({
    ...{ id: 'kept', kind: 'sweep', repeats: 3 },
    columns: [{ label: 'temperature 0', target }],
    rows: [{ prompt: 'Why?' }],
  });
  expect(app.columns.isComparing).toBe(false);
  app.go('runs');
  expect(app.isBatching).toBe(false);
});

/** An app whose runs are read when the test says so. */
async function slow() {
  const host = new FakeHost();
  host.pace = undefined;
  const app = new App(host, await host.start());
  const reads = new Map<string, () => void>();
  host.keptRun = (id) =>
    new Promise((resolve) => {
      const summary = { id, target: app.play.target, started_ms: 0, by_hand: false } as Summary;
      const chat = { messages: [{ role: 'user' as const, text: id }], parameters: UNSET };
      reads.set(id, () => resolve({ summary, chat, price: null }));
    });
  host.replayRun = () => Promise.resolve();
  const questions = () => app.play.exchanges.map(({ question }) => question);
  return { host, app, read: (id: string) => reads.get(id)?.(), questions };
}

test('of two that are opened the later one is shown, whichever is read first', async () => {
  const { app, read, questions } = await slow();
  app.go('runs');
  const both = [app.open('big'), app.open('small')];
  read('small');
  await both[1];
  read('big');
  await both[0];
  expect([app.room, questions()]).toEqual(['play', ['small']]);
});

test('who goes elsewhere meanwhile is not called back', async () => {
  const { app, read, questions } = await slow();
  app.go('runs');
  const opening = app.open('big');
  app.go('play');
  app.columns.send();
  app.go('costs');
  read('big');
  await opening;
  expect([app.room, questions(), app.columns.isRunning]).toEqual([
    'costs',
    ['Why is the sky blue?'],
    true,
  ]);
});

test('what takes a while to open is said to be under way, until it is there', async () => {
  const { app, read } = await slow();
  const opening = app.open('big');
  expect(app.isOpening).toBe(false);
  await expect.poll(() => app.isOpening).toBe(true);
  read('big');
  await opening;
  expect(app.isOpening).toBe(false);
});

test('what is deleted in Runs is open nowhere any more', async () => {
  const { app } = await slow();
  app.openBatch('sweep');
  const shape = {
    id: 'gone',
    kind: 'sweep',
    title: '',
    columns: [],
    rows: [],
    repeats: 1,
  } as const;
  app.batches.batch = new Batch(app.host, shape);
  await app.runs.removeComparison('another');
  expect(app.batches.batch.shape.id).toBe('gone');
  await app.runs.removeComparison('gone');
  expect(app.batches.batch).toBeUndefined();
  app.batches.batch = new Batch(app.host, shape);
  await app.runs.removeAll(false);
  expect(app.batches.batch).toBeUndefined();
});

test('what is changed while a setting is written stays as it was changed', async () => {
  const host = new FakeHost();
  const app = new App(host, await host.start());
  const keeping = app.keep({ price_feed: 'https://prices.example' });
  app.zoom(0.1);
  const { zoom } = app.settings;
  await keeping;
  expect([app.settings.zoom, app.settings.price_feed]).toEqual([zoom, 'https://prices.example']);
  await app.keys();
  expect(host.settings).toEqual(app.settings);
});
