import { expect, test } from 'vitest';
import type { ListedModel } from '../../bindings/ListedModel';
import type { ModelInfo } from '../../bindings/ModelInfo';
import type { ProviderInfo } from '../../bindings/ProviderInfo';
import { modelsOf } from './rows';

const row = (provider: string, id: string, aliases: string[] = []) =>
  ({ provider, id, aliases }) as unknown as ModelInfo;
const provider = (id: string, needs_key: boolean) => ({ id, needs_key }) as ProviderInfo;
const listed = (...ids: string[]) => ids.map((id) => ({ id }) as ListedModel);

const CATALOGUE = [
  row('openai', 'gpt-4o', ['gpt-4o-2024-08-06']),
  row('openai', 'gpt-4'),
  row('ollama', 'llama3.2', ['llama3.2:latest']),
  row('ollama', 'llama3.1:405b'),
  row('custom', 'gpt-oss-20b'),
  row('practice', 'practice-1'),
];

test.each([
  ['openai', true, [], ['gpt-4o', 'gpt-4'], []],
  ['openai', true, ['gpt-4o-2024-08-06', 'new'], ['gpt-4o', 'gpt-4'], ['new']],
  ['practice', false, [], ['practice-1'], []],
  ['ollama', false, [], [], []],
  ['ollama', false, ['llama3.2:latest', 'mine'], ['llama3.2'], ['mine']],
  ['custom', false, [], [], []],
  ['custom', false, ['gpt-oss-20b', 'gpt-4o'], ['gpt-oss-20b'], ['gpt-4o']],
])('%s, which needs a key: %s, and lists %o', (id, needsKey, ids, rows, others) => {
  const models = modelsOf(provider(id, needsKey), CATALOGUE, listed(...ids));
  expect(models.rows.map((it) => it.id)).toEqual(rows);
  expect(models.others.map((it) => it.id)).toEqual(others);
});
