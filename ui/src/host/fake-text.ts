import type { Chat } from '../bindings/Chat';
import type { Control } from '../bindings/Control';
import type { Cut } from '../bindings/Cut';
import type { Delta } from '../bindings/Delta';
import type { Dollars } from '../bindings/Dollars';
import type { Glossary } from '../bindings/Glossary';
import type { ModelBill } from '../bindings/ModelBill';
import type { Origin } from '../bindings/Origin';
import type { PieceCost } from '../bindings/PieceCost';
import type { Preview } from '../bindings/Preview';
import type { PromptReading } from '../bindings/PromptReading';
import type { Snippet } from '../bindings/Snippet';
import type { Target } from '../bindings/Target';
import type { Trimming } from '../bindings/Trimming';
import type { Usage } from '../bindings/Usage';
import { fakeContext } from './fake-context';

export const GLOSSARY: Glossary = {
  request: [
    { place: 'model', says: 'The id of the model that is to answer.' },
    { place: 'messages', says: 'The whole conversation so far.' },
    { place: 'messages[].role', says: 'Who speaks.' },
    { place: 'temperature', says: 'How freely each token is drawn.' },
  ],
  response: [{ place: 'choices[].delta.content', says: 'New words of the reply.' }],
  request_headers: [{ place: 'authorization', says: 'Your secret key.' }],
  response_headers: [{ place: 'x-ratelimit-*', says: 'A rate limit.' }],
};

/** A word with the space before it stands in for a token. */
export function words(text: string): string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}

export function cut(text: string, limit: number): Cut {
  const all = words(text);
  const spans = all.slice(0, limit).map((word, index) => ({
    text: word,
    tokens: [{ id: 1000 + index, bytes: [...new TextEncoder().encode(word)] }],
  }));
  return { count: all.length, shown_tokens: spans.length, spans };
}

/** The call as it would leave. */
export function preview(chat: Chat, target: Target): Preview {
  const set = Object.entries(chat.parameters).filter(([, value]) => value !== null);
  const body = { model: target.model, messages: chat.messages, ...Object.fromEntries(set) };
  return {
    request: {
      method: 'POST',
      url: 'http://127.0.0.1:1/v1/chat/completions',
      headers: [{ name: 'authorization', value: 'Bearer ••••••••' }],
      body: JSON.stringify(body, null, 2),
    },
    origins: [
      { pointer: '/model', from: { type: 'model' } },
      ...chat.messages.map((_, index): Origin => {
        return { pointer: `/messages/${index}`, from: { type: 'message', index } };
      }),
      ...set.map(([name]): Origin => {
        return { pointer: `/${name}`, from: { type: 'control', control: name as Control } };
      }),
    ],
  };
}

/** Two languages, of which one writes nothing but JSON. */
export function snippets(written: string): Snippet[] {
  const common = { reason: null, needs: '', run: '', key_env: 'SOME_API_KEY' };
  const isObject = written.startsWith('{');
  return [
    { ...common, language: 'curl', name: 'curl', code: `curl --data-raw '${written}'\n` },
    {
      ...common,
      language: 'python-sdk',
      name: 'Python, SDK',
      code: isObject ? `ask(${written})\n` : null,
      reason: isObject ? null : 'This is no JSON object.',
      needs: 'pip install some-sdk',
      run: 'python call.py',
    },
  ];
}

/** A prompt as a model with such a window reads it. */
export function readPrompt(
  chat: Chat,
  window: number | null,
  limit: number,
  trimming: Trimming,
): PromptReading {
  const context = fakeContext(chat, window, trimming);
  const sent = context.blocks.filter(({ kept }) => kept);
  const messages = sent.map(({ place, role, text }) => ({
    role,
    cut: cut(text ?? chat.messages[place ?? 0]?.text ?? '', limit),
  }));
  const overhead = 3 + 4 * messages.length;
  return {
    tokens: { messages, overhead, overhead_known: true, total: context.tokens },
    encoding: { id: 'o200k_base', exact: true, reason: null },
    estimates: [],
    context,
  };
}

/** A bill of nothing. */
export function bill(model: string, usage: Usage): ModelBill {
  const zero: Dollars = '0';
  const lines = (['input', 'output'] as const).map((kind) => ({
    kind,
    tokens: usage[`${kind}_tokens`] ?? 0,
    per_million: zero,
    cost: zero,
  }));
  const nothing = { missing: null, above: null, odd: [], batch_percent: null, reported: null };
  const bill = { lines, total: zero, ...nothing };
  return { model, bill, price: null, unknown: null };
}

/** A word is a token, and all tokens cost the same. */
export function pieceCosts(frames: Delta[][]): PieceCost[] {
  return frames.map((deltas) => {
    const texts = deltas.map((delta) => ('text' in delta ? delta.text : ''));
    const tokens = texts.reduce((sum, text) => sum + words(text).length, 0);
    return { tokens, cost: tokens > 0 ? (tokens / 1e6).toFixed(12) : null };
  });
}
