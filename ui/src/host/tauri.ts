import { Channel, invoke } from '@tauri-apps/api/core';
import type { RunEvent } from '../bindings/RunEvent';
import { Pacer } from '../pacer';
import type { Host } from './host';

/** JSON can carry half a surrogate pair, Rust's strings cannot: U+FFFD takes its place. */
function wellFormed(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}

function ask<T>(command: string, values: Record<string, unknown> = {}): Promise<T> {
  return invoke(command, JSON.parse(JSON.stringify(values, wellFormed)) as Record<string, unknown>);
}

export const tauriHost: Host = {
  start: () => ask('start'),
  painted: () => ask('painted'),
  saveSettings: (settings) => ask('save_settings', { settings }),
  preview: (chat, target) => ask('preview', { chat, target }),
  readPrompt: (chat, target, price_as, limit) =>
    ask('read_prompt', { chat, target, price_as, limit }),
  cut: (text, model, limit) => ask('cut', { text, model, limit }),
  bill: (model, usage) => ask('bill', { model, usage }),
  lint: (chat, target, prompt) => ask('lint', { chat, target, prompt }),
  startRun: (id, chat, target, body, onEvents) => {
    // Rust holds back what comes after some batches, until these are on the screen.
    const pacer = new Pacer<RunEvent[]>((batches) => {
      onEvents(batches.flat());
      void invoke('acknowledge_run', { id, batches: batches.length });
    });
    const channel = new Channel<RunEvent[]>((events) => pacer.push(events));
    const sent = JSON.parse(JSON.stringify({ chat, target, body }, wellFormed)) as object;
    return invoke('start_run', { id, ...sent, on_events: channel });
  },
  cancelRun: (id) => ask('cancel_run', { id }),
  skipWait: (id) => ask('skip_wait', { id }),
  keys: () => ask('keys'),
  setKey: (target, key) => ask('set_key', { target, key }),
  importKey: (target, name) => ask('import_key', { target, name }),
  importKeyFile: () => ask('import_key_file'),
  forgetKey: (target) => ask('forget_key', { target }),
  checkKey: (target) => ask('check_key', { target }),
  openKeysPage: (provider) => ask('open_keys_page', { provider }),
  listModels: (target, fresh) => ask('list_models', { target, fresh }),
  countTokens: (chat, target) => ask('count_tokens', { chat, target }),
  proxyOf: (target) => ask('proxy_of', { target }),
};
