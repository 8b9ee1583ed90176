import { expect, test } from 'vitest';
import type { PromptSet } from '../bindings/PromptSet';
import { practice } from '../compare/made';
import { FakeHost } from '../host/fake';
import { fakePrompts } from '../host/fake-batch';
import { UNSET } from '../parameters';
import { Play } from '../play.svelte';
import { numbers } from './order.svelte';
import { Batches, type BatchKind } from './batches.svelte';

/** The place of sweeps and sets, with a plan of what it begins with. */
async function place(kind: BatchKind = 'sweep') {
  const host = new FakeHost();
  host.pace = undefined;
  const setup = { target: practice('practice-1'), system: '', priceAs: '', parameters: UNSET };
  const play = new Play({ host, draft: 'Why?', ...setup });
  const batches = new Batches(host, () => play);
  batches.begin(kind);
  batches.kind = kind;
  batches.quote();
  await expect.poll(() => batches.order.plan).toBeDefined();
  return { host, batches };
}

test('what is sent twice before it has left is sent once', async () => {
  const { host, batches } = await place('set');
  let read: (prompts: PromptSet) => void = () => undefined;
  host.readPromptSet = () => new Promise((resolve) => (read = resolve));
  const both = [batches.send(), batches.send()];
  read(fakePrompts('', 'Why?\nAnd?\nSo?'));
  await Promise.all(both);
  expect(host.batches.started).toHaveLength(1);
  await batches.send();
  expect(host.batches.started).toHaveLength(1);
});

test('a value that has changed since the plan is sent under its own name', async () => {
  const { host, batches } = await place();
  batches.order.typed.temperature = '0, 0.7, 1, 1.8';
  await batches.send();
  expect(host.batches.started[0]?.order).toMatchObject({ axis: { values: [0, 0.7, 1, 1.8] } });
  expect(batches.batch?.shape.columns.at(-1)?.label).toBe('temperature 1.8');
});

test('what comes to more than was shown is shown before it is sent', async () => {
  const { host, batches } = await place();
  batches.order.typed.temperature = '0, 0.7, 1, 1.5, 1.8';
  await batches.send();
  expect([host.batches.started.length, batches.order.plan?.cells]).toEqual([0, 15]);
  await batches.send();
  expect(host.batches.started).toHaveLength(1);
  expect(batches.batch?.shape.columns).toHaveLength(5);
});

test('an order that is refused at the last moment says why, and can be sent again', async () => {
  const { host, batches } = await place();
  const { planBatch } = host;
  host.planBatch = () => Promise.reject({ message: 'Too warm.', field: 'values' });
  await batches.send();
  expect([batches.order.problem?.says, host.batches.started.length]).toEqual(['Too warm.', 0]);
  host.planBatch = planBatch;
  batches.quote();
  await expect.poll(() => batches.order.plan).toBeDefined();
  await batches.send();
  expect(host.batches.started).toHaveLength(1);
});

test('a plan goes to the order that it was asked for', async () => {
  const { batches } = await place();
  const { sweep, set } = batches.orders;
  set.lines = 'One?';
  sweep.typed.temperature = '0';
  batches.quote();
  batches.kind = 'set';
  await expect.poll(() => sweep.plan?.cells).toBe(3);
});

test.each(['Infinity', '1e999', '-Infinity', 'warm'])('%s is no number to be sent', (word) => {
  expect(numbers(`1, ${word}`).problem).toBe(`“${word}” is no number.`);
});

test('whoever was chosen once stays to be chosen again', async () => {
  const { batches } = await place('set');
  const { set } = batches.orders;
  const mine = { ...practice('mine'), base_url: 'http://127.0.0.1:8900/v1' };
  set.targets = [mine];
  set.targets = [];
  set.targets = [mine, practice('practice-1')];
  expect(set.known).toEqual([practice('practice-1'), mine]);
});

test('why a file was not written stays told while calls go on', async () => {
  const { host, batches } = await place();
  await batches.send();
  const { batch } = batches;
  await expect.poll(() => batch?.state).toBeDefined();
  const { exportBatch } = host;
  host.exportBatch = () => Promise.reject(new Error('The disk is full.'));
  await batch?.export('csv');
  host.batches.finish(batch?.shape.id ?? '', 1);
  expect(batch?.problem).toBe('The disk is full.');
  host.exportBatch = exportBatch;
  await batch?.export('csv');
  expect(batch?.problem).toBeUndefined();
});
