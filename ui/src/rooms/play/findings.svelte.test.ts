import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import type { Finding } from '../../bindings/Finding';
import { FakeHost } from '../../host/fake';
import { UNSET } from '../../parameters';
import { Play } from '../../play.svelte';
import Findings from './Findings.svelte';

const TARGET = { provider: 'openai', base_url: null, dialect: null, model: 'gpt-6-luna' };

const REFUSED: Finding = {
  rule: 'sampling_needs_no_effort',
  control: 'temperature',
  level: 'refused',
  says: "Unsupported value: 'temperature' does not support 0.5 with this model.",
  why: 'GPT-6 Luna takes it only with effort none.',
  repairs: [
    { type: 'set_effort', effort: 'none' },
    { type: 'drop', control: 'temperature' },
  ],
};

let close: (() => void) | undefined;
afterEach(() => close?.());

/** The page with these findings, and the room behind it. */
async function shown(findings: Finding[]): Promise<Play> {
  const host = new FakeHost();
  host.findings = findings;
  const parameters = { ...UNSET, temperature: 0.5 };
  const setup = { host, target: TARGET, system: '', parameters, priceAs: '', draft: 'Why?' };
  const play = new Play(setup);
  play.refresh();
  await expect.poll(() => play.findings.all.length).toBe(findings.length);
  const page = mount(Findings, { target: document.body, props: { findings: play.findings } });
  close = () => void unmount(page);
  flushSync();
  return play;
}

const text = () => document.body.textContent;
const quotes = () => [...document.querySelectorAll('q')].map((it) => it.textContent);

test('only what the API was seen to answer is put into its mouth', async () => {
  await shown([REFUSED]);
  expect(quotes()).toEqual([REFUSED.says]);
  expect(text()).toContain('The API would answer:');
  expect(text()).not.toContain('not recorded');
});

test('a refusal in our own words says that it is ours', async () => {
  await shown([{ ...REFUSED, says: null }]);
  expect(quotes()).toEqual([]);
  expect(text()).toContain(REFUSED.why);
  expect(text()).toContain('How the API says so is not recorded.');
  expect(text()).not.toContain('The API would answer');
});

test('what is not refused quotes nobody, and raises no alarm', async () => {
  const notice: Finding = { ...REFUSED, level: 'notice', says: null };
  await shown([notice, { ...REFUSED, rule: 'not_sent', level: 'ignored', says: null }]);
  expect(quotes()).toEqual([]);
  expect(text()).not.toContain('recorded');
  expect(text()).not.toContain('would be refused');
});

test('one click mends, and one takes it back', async () => {
  const play = await shown([REFUSED]);
  const press = (name: string) => {
    const buttons = [...document.querySelectorAll('button')];
    buttons.find((it) => it.textContent.trim() === name)?.click();
    flushSync();
  };
  press('Set effort to none');
  expect([play.parameters.effort, play.parameters.temperature]).toEqual(['none', 0.5]);
  expect(text()).toContain('Done: Set effort to none.');
  press('Undo');
  expect(play.parameters.effort).toBeNull();
  press('Unset');
  expect(play.parameters.temperature).toBeNull();
});
