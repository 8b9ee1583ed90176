import { afterEach, beforeEach, expect, test } from 'vitest';
import { App } from './app.svelte';
import type { Comparison } from './comparison.svelte';
import { FakeHost } from './host/fake';
import { Keys } from './keys';

afterEach(() => (document.body.innerHTML = ''));

let host: FakeHost;
let app: App;
let keys: Keys;
beforeEach(async () => {
  host = new FakeHost();
  host.pace = undefined;
  app = new App(host, await host.start());
  keys = new Keys(app, () => ({ isNarrow: false, columns: 1200 }));
});

function press(key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, cancelable: true, ...more });
  keys.press(event);
  return event;
}
const ctrl = (key: string, more: KeyboardEventInit = {}) => press(key, { ctrlKey: true, ...more });

/** One of a room's own, of which the app does not know. */
function dialog(): void {
  document.body.append(Object.assign(document.createElement('dialog'), { open: true }));
}

test('Ctrl Enter sends what is looked at: the message, or a sweep', async () => {
  ctrl('Enter');
  expect(host.started).toHaveLength(1);
  app.openBatch('sweep');
  app.batches.order.question = 'Why?';
  app.batches.quote();
  await expect.poll(() => app.batches.order.plan).toBeDefined();
  ctrl('Enter');
  await expect.poll(() => host.batches.started.length).toBe(1);
  expect(host.started).toHaveLength(1);
});

test('a key that is held down sends once', async () => {
  ctrl('Enter');
  await expect.poll(() => host.started.length).toBe(1);
  host.tell([{ type: 'finished', at_us: 1 }]);
  await expect.poll(() => app.columns.isAgain).toBe(true);
  ctrl('Enter', { repeat: true });
  expect(host.started).toHaveLength(1);
  const { zoom } = app.settings;
  ctrl('+', { repeat: true });
  expect(app.settings.zoom).toBeGreaterThan(zoom);
});

test('beneath any open dialog nothing is sent, stopped or left, and only the size changes', async () => {
  const opened = [() => (app.dialog = 'settings' as const), dialog];
  for (const open of opened) {
    app.columns.draft = 'Why?';
    ctrl('Enter');
    const sent = host.started.length;
    open();
    for (const key of ['Enter', 'n', '2', 'r']) ctrl(key);
    press('Escape');
    expect([host.started.length, host.cancelled, app.room]).toEqual([sent, [], 'play']);
    expect(app.play.exchanges.length).toBeGreaterThan(0);
    press('1', { altKey: true, code: 'Digit1' });
    const { zoom } = app.settings;
    ctrl('+');
    expect(app.settings.zoom).toBeGreaterThan(zoom);
    app.dialog = undefined;
    document.body.innerHTML = '';
    host.tell([{ type: 'finished', at_us: 1 }]);
    await expect.poll(() => app.columns.isRunning).toBe(false);
  }
  app.openBatch('sweep');
  app.batches.order.question = 'Why?';
  app.batches.quote();
  await expect.poll(() => app.batches.order.plan).toBeDefined();
  dialog();
  ctrl('Enter');
  press('Escape');
  await app.batches.made();
  expect([host.batches.started, app.isBatching]).toEqual([[], true]);
});

test('Esc stops what is seen, and never what runs in a room beside', async () => {
  ctrl('Enter');
  await expect.poll(() => host.started.length).toBe(1);
  for (const key of ['1', '3', '4', '5']) {
    ctrl(key);
    press('Escape');
  }
  app.openBatch('sweep');
  press('Escape');
  app.comparison = {} as Comparison;
  press('Escape');
  expect([app.isPlaying, host.cancelled]).toEqual([true, []]);
  press('Escape');
  expect(host.cancelled).toHaveLength(1);
});

test('Esc stops what Rosetta has sent', async () => {
  const { rosetta, chat, target } = app.play;
  rosetta.send(chat, { ...target, dialect: 'anthropic' });
  press('Escape');
  expect(host.cancelled).toEqual([rosetta.sent.get('anthropic')?.run.id]);
});

test('columns and lenses have keys of their own', () => {
  app.pickMore(app.play.target);
  const [first, second] = app.columns.all;
  expect(app.columns.selected).toBe(second);
  press('1', { altKey: true, shiftKey: true, code: 'Digit1' });
  expect(app.columns.selected).toBe(first);
  const before = [...app.panels.open];
  press('1', { altKey: true, code: 'Digit1' });
  expect(app.panels.open).not.toEqual(before);
});
