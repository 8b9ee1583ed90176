import { expect, test } from 'vitest';
import { FakeHost } from './host/fake';
import { nameOf, Versions } from './versions.svelte';

function sent(...systems: string[]): { host: FakeHost; versions: Versions } {
  const host = new FakeHost();
  for (const text of systems)
    host.versions.sent({ messages: [{ role: 'system', text }], parameters: {} as never });
  return { host, versions: new Versions(host) };
}

test('a version is called by its number and its name', () => {
  expect(nameOf({ number: 3, name: '' })).toBe('v3');
  expect(nameOf({ number: 3, name: 'pirate' })).toBe('v3 · pirate');
});

test('a version is found by its words, named, deleted and brought back', async () => {
  const { versions } = sent('Be brief.', 'Be a pirate.', 'Be brief.');
  await versions.read();
  expect(versions.all.map((it) => [it.number, it.runs])).toEqual([
    [2, 1],
    [1, 2],
  ]);
  const pirate = versions.of('Be a pirate.');
  expect([pirate?.number, versions.of('Be'), versions.of(undefined)]).toEqual([
    2,
    undefined,
    undefined,
  ]);
  if (!pirate) return;
  await versions.name(pirate, ' pirate ', 'for Ada');
  const named = versions.of('Be a pirate.');
  expect([named?.name, named?.note]).toEqual(['pirate', 'for Ada']);
  if (named) await versions.delete(named);
  expect([versions.all.length, versions.deleted?.name]).toEqual([1, 'pirate']);
  await versions.read();
  expect(versions.deleted?.name).toBe('pirate');
  await versions.restore();
  expect([versions.of('Be a pirate.')?.name, versions.deleted]).toEqual(['pirate', undefined]);
  await versions.deleteAll();
  expect(versions.all).toEqual([]);
});

test('what cannot be done is said, and nothing is called deleted', async () => {
  const { host, versions } = sent('Be brief.');
  await versions.read();
  host.deleteVersion = () => Promise.reject(new Error('the disk is full'));
  const [only] = versions.all;
  if (only) await versions.delete(only);
  expect([versions.problem, versions.deleted, versions.all.length]).toEqual([
    'the disk is full',
    undefined,
    1,
  ]);
});
