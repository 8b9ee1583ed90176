import { Channel, invoke } from '@tauri-apps/api/core';
import type { Progress } from '../bindings/Progress';
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

/** Rust holds back what comes after some batches of `id`, until these are on the screen. */
function paced(id: string, onEvents: (events: RunEvent[]) => void): Channel<RunEvent[]> {
  const pacer = new Pacer<RunEvent[]>((batches) => {
    onEvents(batches.flat());
    void invoke('acknowledge_run', { id, batches: batches.length });
  });
  return new Channel<RunEvent[]>((events) => pacer.push(events));
}

/** A command may be answered before the last that it sent has arrived: the answer is how many. */
async function replay(id: string, onEvents: (events: RunEvent[]) => void): Promise<void> {
  const reading = crypto.randomUUID();
  let came = 0;
  let all = Infinity;
  let whole = (): void => undefined;
  const channel = paced(reading, (events) => {
    onEvents(events);
    came += events.length;
    if (came >= all) whole();
  });
  const arrived = new Promise<void>((resolve) => (whole = resolve));
  const told: Promise<number> = invoke('replay_run', { id, reading, on_events: channel });
  all = await told;
  if (came < all) await arrived;
}

export const tauriHost: Host = {
  start: () => ask('start'),
  painted: () => ask('painted'),
  saveSettings: (settings) => ask('save_settings', { settings }),
  preview: (chat, target) => ask('preview', { chat, target }),
  glossary: (dialect) => ask('glossary', { dialect }),
  snippets: (chat, target, body) => ask('snippets', { chat, target, body }),
  readPrompt: (chat, target, price_as, limit) =>
    ask('read_prompt', { chat, target, price_as, limit }),
  cut: (text, model, limit) => ask('cut', { text, model, limit }),
  bill: (model, usage, priced_by) => ask('bill', { model, usage, priced_by }),
  pieceCosts: (model, frames, lines) => ask('piece_costs', { model, frames, lines }),
  lint: (chat, target, prompt, body) => ask('lint', { chat, target, prompt, body }),
  startRun: (id, chat, target, body, onEvents) => {
    const sent = JSON.parse(JSON.stringify({ chat, target, body }, wellFormed)) as object;
    return invoke('start_run', { id, ...sent, on_events: paced(id, onEvents) });
  },
  cancelRun: (id) => ask('cancel_run', { id }),
  skipWait: (id) => ask('skip_wait', { id }),
  listRuns: (filter) => ask('list_runs', { filter }),
  runNames: () => ask('run_names'),
  keptRun: (id) => ask('kept_run', { id }),
  replayRun: replay,
  starRun: (id, starred) => ask('star_run', { id, starred }),
  renameRun: (id, title) => ask('rename_run', { id, title }),
  deleteRuns: (ids) => ask('delete_runs', { ids }),
  deleteAllRuns: () => ask('delete_all_runs'),
  exportRuns: (job, which, form, onProgress) =>
    invoke('export_runs', { job, which, form, on_progress: new Channel<Progress>(onProgress) }),
  importRuns: (job, onProgress) =>
    invoke('import_runs', { job, on_progress: new Channel<Progress>(onProgress) }),
  recordingsState: () => ask('recordings_state'),
  spentSince: (since_ms) => ask('spent_since', { since_ms }),
  beyondLimit: (megabytes) => ask('beyond_limit', { megabytes }),
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
