import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test, vi } from 'vitest';
import type { ApiError } from '../../bindings/ApiError';
import type { Fix } from '../../bindings/Fix';
import type { RunEvent } from '../../bindings/RunEvent';
import { FakeHost } from '../../host/fake';
import { UNSET } from '../../parameters';
import { Exchange } from '../../conversation.svelte';
import { Play } from '../../play.svelte';
import { Run } from '../../run.svelte';
import { waits, DEFAULT_RETRIES } from '../../retries';
import Attempts from './Attempts.svelte';
import Fixes from './Fixes.svelte';

const TARGET = { provider: 'practice', base_url: null, dialect: null, model: 'practice-1' };
const request = { method: 'POST' as const, url: '', headers: [], body: '' };

let close: (() => void) | undefined;
afterEach(() => {
  close?.();
  close = undefined;
  vi.useRealTimers();
});

const started = (attempt: number, at_us: number): RunEvent => ({
  type: 'attempt_started',
  at_us,
  attempt,
  request,
});
const busy = { kind: 'rate_limited', status: 429, title: 'Too many requests' } as ApiError;
const failed: RunEvent[] = [
  { type: 'attempt_failed', at_us: 100_000, attempt: 1, error: busy },
  { type: 'waiting', at_us: 100_000, for_us: 2_000_000, because: 'server_asked' },
];

function attempts() {
  const run = new Run('a', TARGET);
  const pressed: string[] = [];
  const props = {
    run,
    onskip: () => pressed.push('skip'),
    onstop: () => pressed.push('stop'),
  };
  const shown = mount(Attempts, { target: document.body, props });
  close = () => void unmount(shown);
  const then = (...events: RunEvent[]) => {
    run.apply(events);
    flushSync();
  };
  return { run, pressed, then };
}

const text = () => document.body.textContent.replace(/\s+/g, ' ');
const press = (name: string) => {
  const button = [...document.querySelectorAll('button')].find((it) =>
    it.textContent.trim().startsWith(name),
  );
  if (!button) throw new Error(`no button ${name} in ${text()}`);
  button.click();
  flushSync();
};

test('a wait counts down, says why, and can be skipped or stopped', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  const { pressed, then } = attempts();
  then(started(1, 0), ...failed);
  expect(text()).toContain('Waiting 2.0 s because of 429, the server asked for it');
  expect(text()).toContain('2.0 s left');
  const spoken = document.querySelector('[role=status]')?.textContent;
  vi.advanceTimersByTime(1500);
  flushSync();
  expect(text()).toContain('0.5 s left');
  expect(document.querySelector('[role=status]')?.textContent).toBe(spoken);
  press('Retry now');
  press('Stop trying');
  expect(pressed).toEqual(['skip', 'stop']);
});

test('what was tried is kept after the end', () => {
  const { run, then } = attempts();
  then(started(1, 0), ...failed, started(2, 600_000));
  expect(run.isWaiting).toBe(false);
  expect(text()).toContain('Waited 0.5 s of 2.0 s because of 429');
  then(
    { type: 'response_started', at_us: 700_000, status: 200, version: '', headers: [] },
    { type: 'finished', at_us: 900_000 },
  );
  expect(text()).toMatch(/Attempt 1 ?429 100 ms.*Attempt 2 ?200 300 ms/);
  expect(document.querySelector('button')).toBeNull();
});

test('a request that goes again in another form says so', () => {
  const { then } = attempts();
  const refused = { kind: 'bad_request', status: 400, title: 'Refused' } as ApiError;
  then(
    started(1, 0),
    { type: 'attempt_failed', at_us: 100_000, attempt: 1, error: refused },
    { type: 'waiting', at_us: 100_000, for_us: 0, because: 'stream_options_refused' },
  );
  expect(document.querySelector('button')).toBeNull();
  then(started(2, 100_100));
  expect(text()).toMatch(/Attempt 1 ?400.*Sent again without stream_options.*Attempt 2 ?sent/);
});

test('a run that is stopped while it waits has one failed attempt', () => {
  const { run, then } = attempts();
  then(started(1, 0), ...failed, { type: 'cancelled', at_us: 1_100_000 });
  expect(run.attempts.map(({ status, error }) => status ?? error?.status)).toEqual([429]);
  expect(text()).toContain('Waited 1.0 s of 2.0 s');
});

function fixes(...list: Fix[]) {
  const host = new FakeHost();
  host.pace = undefined;
  const setup = { host, target: TARGET, system: '', priceAs: '', draft: 'Why?' };
  const play = new Play({ ...setup, parameters: { ...UNSET, max_tokens: 900, top_p: 0.5 } });
  play.conversation.begin(
    ['a', 'b', 'c', 'd'].map((question) => new Exchange(question)),
    undefined,
  );
  const chosen: string[] = [];
  const means = {
    play,
    onkeys: () => void chosen.push('keys'),
    onmodel: (model: string) => void chosen.push(model),
    onmodels: () => void chosen.push('models'),
  };
  const shown = mount(Fixes, { target: document.body, props: { fixes: list, means } });
  close = () => void unmount(shown);
  flushSync();
  return { host, play, chosen };
}

test('each fix is a button that does it', () => {
  const { host, play, chosen } = fixes(
    { type: 'open_keys' },
    { type: 'lower_max_tokens', to: 241 },
    { type: 'drop_parameter', control: 'top_p' },
    { type: 'trim_history' },
    { type: 'change_model', id: 'practice-2' },
    { type: 'choose_model' },
    { type: 'run_command', command: 'ollama serve' },
  );
  expect(text()).toContain('ollama serve');
  press('Open Keys');
  press('Choose a model');
  press('Lower max tokens to 241');
  expect(text()).toContain('max tokens was 900 and is 241 now.');
  press('Leave top_p unset');
  press('Leave out the oldest');
  press('Use practice-2');
  expect(chosen).toEqual(['keys', 'models', 'practice-2']);
  expect(play.parameters).toEqual({ ...UNSET, max_tokens: 241 });
  expect(play.exchanges.map(({ question }) => question)).toEqual(['c', 'd']);
  play.undo();
  expect(play.exchanges.length).toBe(4);
  press('Send again');
  expect(host.started.length).toBe(1);
});

test('a fix that would change nothing is not offered', () => {
  fixes(
    { type: 'lower_max_tokens', to: 900 },
    { type: 'drop_parameter', control: 'temperature' },
    { type: 'change_model', id: 'practice-1' },
  );
  expect(document.querySelector('button')).toBeNull();
});

test('a call is sent again after the wait, or not', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  const { host } = fixes({ type: 'wait', ms: 3000 });
  press('Wait 3.0 s');
  press('Do not send');
  vi.advanceTimersByTime(9000);
  expect(host.started.length).toBe(0);
  press('Wait 3.0 s');
  vi.advanceTimersByTime(2900);
  expect(host.started.length).toBe(0);
  vi.advanceTimersByTime(200);
  expect(host.started.length).toBe(1);
});

test('what has changed meanwhile is not sent by itself', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  const { host, play } = fixes({ type: 'wait', ms: 3000 });
  press('Wait 3.0 s');
  vi.advanceTimersByTime(1000);
  play.draft = 'Something el';
  vi.advanceTimersByTime(9000);
  flushSync();
  expect(host.started.length).toBe(0);
  expect(text()).toContain('so it was not sent by itself');
  press('Send again');
  expect(host.started.length).toBe(1);
});

test('a request that is edited by hand is left to the person', () => {
  const { play } = fixes({ type: 'open_keys' }, { type: 'lower_max_tokens', to: 241 });
  play.edit('{}');
  flushSync();
  expect(text()).toContain('edited by hand');
  expect([...document.querySelectorAll('button')].map((it) => it.textContent)).toEqual([
    'Open Keys',
  ]);
});

test('the waits of a policy double up to the cap', () => {
  expect(waits(DEFAULT_RETRIES)).toEqual([0.5, 1]);
  expect(waits({ ...DEFAULT_RETRIES, retries: 6 })).toEqual([0.5, 1, 2, 4, 8, 8]);
});
