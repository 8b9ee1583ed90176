import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import { FakeHost } from '../../host/fake';
import { UNSET } from '../../parameters';
import { Play } from '../../play.svelte';
import { Versions } from '../../versions.svelte';
import VersionsLine from './VersionsLine.svelte';

const TARGET = { provider: 'practice', base_url: null, dialect: null, model: 'practice-1' };

// Dialogs are the browser's own, which there is none of here.
HTMLDialogElement.prototype.showModal = function () {
  this.open = true;
};

let close: (() => void) | undefined;
afterEach(() => close?.());

/** The line beside the system field, where two versions were sent. */
async function shown(): Promise<{ play: Play; versions: Versions }> {
  const host = new FakeHost();
  host.pace = undefined;
  const parameters = UNSET;
  const setup = { host, target: TARGET, system: '', parameters, priceAs: '', draft: 'Why?' };
  const play = new Play(setup);
  const versions = new Versions(host);
  const page = mount(VersionsLine, { target: document.body, props: { play, versions } });
  close = () => void unmount(page);
  for (const system of ['Be brief and kind.', 'Be brief and wild.']) {
    play.system = system;
    play.draft = 'Why?';
    play.send();
    host.tell([{ type: 'finished', at_us: 9 }]);
    flushSync();
    await expect.poll(() => versions.of(system)).toBeDefined();
  }
  flushSync();
  return { play, versions };
}

const words = () => document.body.textContent.replace(/\s+/g, ' ').trim();
function press(name: string): void {
  const buttons = [...document.querySelectorAll('button')];
  buttons.find((it) => it.textContent.trim().startsWith(name))?.click();
  flushSync();
}

test('before anything was sent there is nothing to see', () => {
  const host = new FakeHost();
  const play = new Play({
    ...{ host, target: TARGET, system: 'Be.', parameters: UNSET, priceAs: '', draft: '' },
  });
  const versions = new Versions(host);
  const page = mount(VersionsLine, { target: document.body, props: { play, versions } });
  close = () => void unmount(page);
  flushSync();
  expect(words()).toBe('');
});

test('the field says its version, and an older one comes back with a way to undo', async () => {
  const { play } = await shown();
  expect(words()).toContain('v2');
  play.system = 'Something new.';
  flushSync();
  expect(words()).toContain('not sent yet');
  press('Versions');
  press('v1');
  press('Use this');
  expect([play.system, document.querySelector('dialog')]).toEqual(['Be brief and kind.', null]);
  expect(words()).toContain('v1');
  press('Undo');
  expect(play.system).toBe('Something new.');
});

test('two versions are set side by side, named, and deleted with a way back', async () => {
  const { versions } = await shown();
  press('Versions');
  expect(document.querySelector('del')?.textContent).toBe('removed: kind');
  expect(document.querySelector('ins')?.textContent).toBe('added: wild');
  const name = document.querySelector<HTMLInputElement>('dialog input');
  if (!name) throw new Error('there is no field');
  name.value = 'wild';
  name.dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
  press('Save name and note');
  await expect.poll(() => versions.all[0]?.name).toBe('wild');
  flushSync();
  expect(words()).toContain('v2 · wild');
  press('Delete');
  await expect.poll(() => versions.deleted?.number).toBe(2);
  flushSync();
  expect(words()).toContain('v2 · wild was deleted.');
  press('Undo');
  await expect.poll(() => versions.all.length).toBe(2);
});
