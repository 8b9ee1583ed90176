import type { Start } from '../bindings/Start';
import { UNSET } from '../parameters';
import { DEFAULT_RETRIES } from '../retries';

/** A first start, as the fake host tells it. */
export const FAKE_START: Start = {
  version: '0.0.0',
  today: '2026-11-20',
  notices: [],
  models: [],
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
    lenses: ['request', 'frames', 'tokens', 'cost'],
  },
};
