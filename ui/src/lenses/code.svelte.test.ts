import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test, vi } from 'vitest';
import { FakeHost } from '../host/fake';
import { UNSET } from '../parameters';
import { Play } from '../play.svelte';
import CodeLens from './CodeLens.svelte';

const TARGET = { provider: 'openai', base_url: null, dialect: null, model: 'm-1' };

let close: (() => void) | undefined;
afterEach(() => {
  close?.();
  vi.restoreAllMocks();
});

function room(): { play: Play; host: FakeHost } {
  const host = new FakeHost();
  const setup = { target: TARGET, system: '', parameters: UNSET, priceAs: '' };
  return { host, play: new Play({ host, draft: 'Why?', ...setup }) };
}

function show(play: Play): void {
  const props = { play, dialect: undefined, catalogue: [], explanations: true };
  const shown = mount(CodeLens, { target: document.body, props });
  close = () => {
    close = undefined;
    void unmount(shown);
  };
  flushSync();
}

const code = () => document.querySelector('pre.code')?.textContent ?? '';
const text = () => document.body.textContent;
const select = () => document.querySelector('select');

/** So long a busy machine may take. */
const PATIENCE = { timeout: 30_000 };

/** Waits until the page says so. */
async function until(says: () => boolean): Promise<void> {
  await vi.waitFor(() => {
    flushSync();
    if (!says()) throw new Error(text());
  }, PATIENCE);
}

async function choose(language: string): Promise<void> {
  const list = select();
  if (!list) throw new Error('there is no list of languages');
  list.value = language;
  list.dispatchEvent(new Event('change', { bubbles: true }));
  await until(() => select()?.value === language);
}

test('the lens shows the next call, as it is changed by the controls and by hand', async () => {
  const { play } = room();
  show(play);
  await until(() => code().includes('Why?'));
  play.draft = 'And then?';
  play.refresh();
  await until(() => code().includes('And then?') && !code().includes('Why?'));
  play.edit('by hand');
  await until(() => code().includes("--data-raw 'by hand'"));
});

test('a language stays chosen when the lens is closed and opened again', async () => {
  const { play } = room();
  show(play);
  await until(() => select()?.value === 'curl');
  await choose('python-sdk');
  await until(() => code().startsWith('ask('));
  expect(document.querySelector('.steps')?.textContent).toBe(
    'pip install some-sdk\nexport SOME_API_KEY=…\npython call.py',
  );
  close?.();
  show(play);
  await until(() => code().startsWith('ask(') && select()?.value === 'python-sdk');
});

test('where there is no program, a sentence says why and there is nothing to copy', async () => {
  const { play } = room();
  play.edit('by hand');
  show(play);
  await until(() => select() !== null);
  await choose('python-sdk');
  await until(() => text().includes('This is no JSON object.'));
  expect(code()).toBe('');
  expect(document.querySelector('[aria-label="Copy the code"]')).toBeNull();
});

test('what is copied is the whole program, also where it is not shown whole', async () => {
  const writeText = vi.fn(() => Promise.resolve());
  vi.stubGlobal('navigator', { clipboard: { writeText } });
  const { play } = room();
  const long = `{"a": "${'word '.repeat(10_000)}"}`;
  play.edit(long);
  show(play);
  await until(() => text().includes('more characters'));
  expect(code().length).toBeLessThan(30_000);
  document.querySelector<HTMLElement>('[aria-label="Copy the code"]')?.click();
  expect(writeText).toHaveBeenCalledWith(`curl --data-raw '${long}'\n`);
});
