import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { explain, explainHeader, Glossaries } from './glossary.svelte';
import { FakeHost } from './host/fake';

type Row = [places: string[], pointer: string, expected: string | null];
const TABLE = JSON.parse(readFileSync('../tests/places.json', 'utf8')) as Row[];
const entries = (places: string[]) => places.map((place) => ({ place, says: '' }));

test.each(TABLE)('of %j the pointer %j means %j', (places, pointer, expected) => {
  expect(explain(entries(places), pointer)?.place ?? null).toBe(expected);
});

test('a header has a sentence of its own before one of its kind', () => {
  const list = entries(['x-ratelimit-*', 'x-ratelimit-limit-tokens', 'retry-after']);
  expect(explainHeader(list, 'Retry-After')?.place).toBe('retry-after');
  expect(explainHeader(list, 'x-ratelimit-limit-tokens')?.place).toBe('x-ratelimit-limit-tokens');
  expect(explainHeader(list, 'x-ratelimit-limit-dragons')?.place).toBe('x-ratelimit-*');
  expect(explainHeader(list, 'x-dragons')).toBeUndefined();
});

test('each glossary is fetched once', async () => {
  const host = new FakeHost();
  const asked: string[] = [];
  const { glossary } = host;
  host.glossary = () => {
    asked.push('once');
    return glossary();
  };
  const glossaries = new Glossaries(host);
  expect(glossaries.of('openai-chat')).toBeUndefined();
  await Promise.all([glossaries.want('openai-chat'), glossaries.want('openai-chat')]);
  await glossaries.want('openai-chat');
  await glossaries.want('');
  expect(asked).toHaveLength(1);
  expect(glossaries.of('openai-chat')?.request[0]?.place).toBe('model');
});
