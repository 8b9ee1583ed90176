import type { ModelInfo } from '../bindings/ModelInfo';
import type { Start } from '../bindings/Start';
import { UNSET } from '../parameters';
import { DEFAULT_RETRIES } from '../retries';

function model(id: string, context_window: number, note: string): ModelInfo {
  return {
    ...{ id, name: id, context_window, note, provider: 'practice', family: 'practice' },
    ...{ price: null, end: null, max_input: null, max_output: null, cache_minimum: null },
    ...{ encoding: 'o200k_base', encoding_exact: true, overhead: 'classic', aliases: [] },
    ...{ shutdown: null, gone: false, not_before: null, replacement: null, rerouted: false },
    ...{ source: 'this program', date: '2026-11-20' },
  };
}

/** A first start, as the fake host tells it. */
export const FAKE_START: Start = {
  version: '0.0.0',
  today: '2026-11-20',
  notices: [],
  models: [
    model('practice-1', 4096, 'A small language model inside this app.'),
    model('practice-mini', 512, 'Forgets sooner.'),
    model('practice-long', 32_768, 'Has a large window.'),
    model('practice-reasoner', 4096, 'Thinks before it answers.'),
  ],
  providers: [
    {
      id: 'practice',
      name: 'Practice',
      dialects: [
        {
          id: 'openai-chat',
          name: 'Chat Completions',
          controls: ['max_tokens', 'temperature', 'stop', 'stream'],
          counts_tokens: false,
        },
      ],
      base_url: null,
      needs_key: false,
      first_model: 'practice-1',
      keys_page: null,
    },
  ],
  settings: {
    schema_version: 1,
    theme: 'system',
    zoom: 1,
    explanations: true,
    target: { provider: 'practice', base_url: null, dialect: null, model: 'practice-1' },
    servers: [],
    price_as: 'gpt-6-luna',
    system: 'You are a concise teacher.',
    parameters: UNSET,
    first_word_s: 120,
    idle_s: 30,
    retries: DEFAULT_RETRIES,
    keep_mb: 1000,
    budget: { run: null, day: null, month: null },
    price_feed: 'https://prices.example/data.json',
    lenses: ['request', 'frames', 'tokens', 'cost'],
    offers_course: true,
  },
};
