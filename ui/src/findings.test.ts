import { expect, test } from 'vitest';
import type { Finding } from './bindings/Finding';
import type { Repair } from './bindings/Repair';
import { mended, offer } from './findings.svelte';
import { FakeHost } from './host/fake';
import { UNSET } from './parameters';
import { Play } from './play.svelte';

const target = { provider: 'openai', base_url: null, dialect: null, model: 'gpt-6-luna' };

const FINDING: Finding = {
  rule: 'sampling_needs_no_effort',
  control: 'temperature',
  level: 'refused',
  says: null,
  why: 'GPT-6 Luna takes it only with effort none.',
  repairs: [
    { type: 'set_effort', effort: 'none' },
    { type: 'drop', control: 'temperature' },
  ],
};

async function room(): Promise<{ host: FakeHost; play: Play }> {
  const host = new FakeHost();
  host.findings = [FINDING];
  const parameters = { ...UNSET, temperature: 0.5 };
  const play = new Play({ host, target, system: '', parameters, priceAs: '', draft: 'Why?' });
  play.refresh();
  await expect.poll(() => play.findings.all.length).toBe(1);
  return { host, play };
}

test.each<[Repair, string, object]>([
  [{ type: 'drop', control: 'top_p' }, 'Unset top_p', { parameters: { ...UNSET, n: 3 } }],
  [
    { type: 'clamp', control: 'n', value: 1 },
    'Set n to 1',
    { parameters: { ...UNSET, top_p: 0.5, n: 1 } },
  ],
  [
    { type: 'set_effort', effort: 'none' },
    'Set effort to none',
    { parameters: { ...UNSET, top_p: 0.5, n: 3, effort: 'none' } },
  ],
  [
    { type: 'shorten_cache' },
    'Set cache to minutes',
    { parameters: { ...UNSET, top_p: 0.5, n: 3, cache: 'short' } },
  ],
  [
    { type: 'ask_for_json' },
    'Ask for JSON in the system message',
    { system: 'Be brief.\nAnswer in JSON.' },
  ],
  [
    { type: 'change_model', id: 'gpt-4o' },
    'Use gpt-4o',
    { target: { ...target, model: 'gpt-4o' } },
  ],
  [
    { type: 'rename', from: 'stop', to: 'stop_sequences', body: '{"stop_sequences": []}' },
    'Rename stop to stop_sequences',
    { edited: '{"stop_sequences": []}' },
  ],
])('%o is offered and done', (repair, words, changes) => {
  const parameters = { ...UNSET, top_p: 0.5, n: 3 };
  expect(offer(repair)).toBe(words);
  const before = { system: 'Be brief.', parameters, target, edited: undefined };
  expect(mended(repair, before)).toEqual(changes);
});

test('stop texts are cut down, and a schema keeps its shape under a new name', () => {
  const format = { type: 'json_schema' as const, name: 'a b', schema: { type: 'object' } };
  const parameters = { ...UNSET, stop: ['a', 'b', 'c'], response_format: format };
  const before = { system: '', parameters, target, edited: undefined };
  expect(mended({ type: 'clamp', control: 'stop', value: 2 }, before).parameters?.stop).toEqual([
    'a',
    'b',
  ]);
  const named = mended({ type: 'name_schema', name: 'a_b' }, before).parameters?.response_format;
  expect(named).toEqual({ ...format, name: 'a_b' });
  const schema = { type: 'object', additionalProperties: false };
  const closed = mended({ type: 'mend_schema', schema }, before).parameters?.response_format;
  expect(closed).toEqual({ ...format, schema });
  const begun = { ...before, parameters: { ...UNSET, prefill: 'So, \n' } };
  expect(mended({ type: 'trim_prefill' }, begun).parameters?.prefill).toBe('So,');
});

test('a repair can be undone until the next edit', async () => {
  const { host, play } = await room();
  expect(play.findings.of('temperature')?.level).toBe('refused');
  host.findings = [];
  play.findings.mend({ type: 'drop', control: 'temperature' });
  play.refresh();
  await expect.poll(() => play.findings.all.length).toBe(0);
  expect([play.parameters.temperature, play.findings.mended?.done]).toEqual([
    null,
    'Unset temperature',
  ]);
  play.findings.undo();
  expect([play.parameters.temperature, play.findings.mended]).toEqual([0.5, undefined]);

  play.findings.mend({ type: 'change_model', id: 'gpt-4o' });
  expect(play.target.model).toBe('gpt-4o');
  play.draft = 'Why not?';
  play.refresh();
  expect(play.findings.mended).toBeUndefined();
});

test('what cannot be judged has no findings', async () => {
  const { host, play } = await room();
  host.lint = () => Promise.reject(new Error('no such server'));
  play.refresh();
  await expect.poll(() => play.findings.all.length).toBe(0);
});

test('a body that was edited by hand is judged in place of the chat, and mended', async () => {
  const { host, play } = await room();
  host.ofBody = [
    {
      rule: 'misnamed',
      control: null,
      level: 'refused',
      says: null,
      why: 'Anthropic Messages does not know stop: here it is stop_sequences.',
      repairs: [{ type: 'rename', from: 'stop', to: 'stop_sequences', body: '{"a": 1}' }],
    },
  ];
  play.edit('{"stop": 1}');
  play.refresh();
  await expect.poll(() => play.findings.all[0]?.rule).toBe('misnamed');
  const repair = play.findings.all[0]?.repairs[0];
  if (repair) play.findings.mend(repair);
  expect([play.edited, play.parameters.temperature]).toEqual(['{"a": 1}', 0.5]);
  play.findings.undo();
  expect(play.edited).toBe('{"stop": 1}');
  play.edit(undefined);
  play.refresh();
  await expect.poll(() => play.findings.all[0]?.rule).toBe(FINDING.rule);
});
