import { Channel, invoke } from '@tauri-apps/api/core';
import type { BatchState } from '../bindings/BatchState';
import type { Progress } from '../bindings/Progress';
import type { RunEvent } from '../bindings/RunEvent';
import { minutesEast } from '../days';
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

/** What goes on telling how a batch stands. */
const told = (onProgress: (state: BatchState) => void) => new Channel<BatchState>(onProgress);

export const tauriHost: Host = {
  start: () => ask('start'),
  painted: () => ask('painted'),
  saveSettings: (settings) => ask('save_settings', { settings }),
  preview: (chat, target) => ask('preview', { chat, target }),
  glossary: (dialect) => ask('glossary', { dialect }),
  snippets: (chat, target, body) => ask('snippets', { chat, target, body }),
  readPrompt: (chat, target, price_as, limit, trimming) =>
    ask('read_prompt', { chat, target, price_as, limit, trimming }),
  summaryOffer: (chat, target, price_as, trimming) =>
    ask('summary_offer', { chat, target, price_as, trimming }),
  cut: (text, model, limit) => ask('cut', { text, model, limit }),
  bill: (model, usage, priced_by, batch) => ask('bill', { model, usage, priced_by, batch }),
  pieceCosts: (model, frames, lines) => ask('piece_costs', { model, frames, lines }),
  lint: (chat, target, prompt, body) => ask('lint', { chat, target, prompt, body }),
  startRun: (id, chat, target, body, consent, onEvents) => {
    const sent = JSON.parse(JSON.stringify({ chat, target, body }, wellFormed)) as object;
    const asked = { consent, offset_minutes: minutesEast() };
    return invoke('start_run', { id, ...sent, ...asked, on_events: paced(id, onEvents) });
  },
  startRound: (round, consent, onEvents) => {
    const sent = JSON.parse(JSON.stringify({ round }, wellFormed)) as object;
    const asked = { consent, offset_minutes: minutesEast() };
    const channels = round.runs.map(({ id }, at) => paced(id, (events) => onEvents[at]?.(events)));
    return invoke('start_round', { ...sent, ...asked, on_events: channels });
  },
  cancelRuns: (ids) => ask('cancel_runs', { ids }),
  cancelRun: (id) => ask('cancel_run', { id }),
  skipWait: (id) => ask('skip_wait', { id }),
  listRuns: (filter) => ask('list_runs', { filter }),
  runNames: () => ask('run_names'),
  keptRun: (id) => ask('kept_run', { id }),
  replayRun: replay,
  openComparison: (id) => ask('open_comparison', { id }),
  saveComparison: (id, plan) => ask('save_comparison', { id, plan }),
  starComparison: (id, starred) => ask('star_comparison', { id, starred }),
  renameComparison: (id, title) => ask('rename_comparison', { id, title }),
  deleteComparisons: (ids) => ask('delete_comparisons', { ids }),
  blindTally: () => ask('blind_tally'),
  forgetVotes: () => ask('forget_votes'),
  savePicture: (name, png) => ask('save_picture', { name, png: [...png] }),
  starRun: (id, starred) => ask('star_run', { id, starred }),
  renameRun: (id, title) => ask('rename_run', { id, title }),
  deleteRuns: (ids) => ask('delete_runs', { ids }),
  deleteAllRuns: () => ask('delete_all_runs'),
  exportRuns: (job, which, form, onProgress) =>
    invoke('export_runs', { job, which, form, on_progress: new Channel<Progress>(onProgress) }),
  importRuns: (job, onProgress) =>
    invoke('import_runs', { job, on_progress: new Channel<Progress>(onProgress) }),
  systemVersions: () => ask('system_versions'),
  nameVersion: (number, name, note) => ask('name_version', { number, name, note }),
  deleteVersion: (number) => ask('delete_version', { number }),
  restoreVersion: (version) => ask('restore_version', { version }),
  deleteAllVersions: () => ask('delete_all_versions'),
  recordingsState: () => ask('recordings_state'),
  spentSince: (since_ms) => ask('spent_since', { since_ms }),
  spending: (days) => ask('spending', { days }),
  budgetState: () => ask('budget_state', { offset_minutes: minutesEast() }),
  beyondLimit: (megabytes) => ask('beyond_limit', { megabytes }),
  catalogue: (day) => ask('catalogue', { day }),
  setOwnPrice: (own) => ask('set_own_price', { own }),
  removeOwnPrice: (model) => ask('remove_own_price', { model }),
  readFeed: () => ask('read_feed'),
  readFeedFile: () => ask('read_feed_file'),
  takeFeed: (id, models) => ask('take_feed', { id, models }),
  undoFeed: () => ask('undo_feed'),
  month: (plan, models) => ask('month', { plan, models }),
  monthCsv: (plan, models) => ask('month_csv', { plan, models }),
  elsewhere: (model, usage, others, day) => ask('elsewhere', { model, usage, others, day }),
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
  openSheet: (sheet, text, layout, visible) => ask('open_sheet', { sheet, text, layout, visible }),
  editSheet: (sheet, revision, edit, visible) =>
    ask('edit_sheet', { sheet, revision, edit, visible }),
  laySheet: (sheet, layout, visible) => ask('lay_sheet', { sheet, layout, visible }),
  readRows: (sheet, revision, visible) => ask('read_rows', { sheet, revision, visible }),
  howCut: (sheet, revision, lane, at) => ask('how_cut', { sheet, revision, lane, at }),
  scoreGuess: (sheet, revision, lane, guess) =>
    ask('score_guess', { sheet, revision, lane, guess }),
  estimateFor: (sheet, model) => ask('estimate_for', { sheet, model }),
  readConversation: (chat, model) => ask('read_conversation', { chat, model }),
  languageCosts: (price_as, own) => ask('language_costs', { price_as, own }),
  tokenExamples: () => ask('token_examples'),
  openSheetFile: () => ask('open_sheet_file'),
  saveSheetFile: (sheet) => ask('save_sheet_file', { sheet }),
  sheetLink: (sheet) => ask('sheet_link', { sheet }),
  readSheetLink: (link) => ask('read_sheet_link', { link }),
  openedSheet: () => ask('opened_sheet'),
  rosetta: (chat, targets) => ask('rosetta', { chat, targets }),
  rosettaReply: (id) => ask('rosetta_reply', { id }),
  variety: (ids, model, limit) => ask('variety', { ids, model, limit }),
  readPromptSet: (name, text, form, field) => ask('read_prompt_set', { name, text, form, field }),
  openPromptSet: (field) => ask('open_prompt_set', { field }),
  planBatch: (order) => ask('plan_batch', { order, offset_minutes: minutesEast() }),
  startBatch: (id, title, order, concurrency, consent, onProgress) => {
    const sent = JSON.parse(JSON.stringify({ title, order }, wellFormed)) as object;
    const asked = { concurrency, consent, offset_minutes: minutesEast() };
    return invoke('start_batch', { id, ...sent, ...asked, on_progress: told(onProgress) });
  },
  pauseBatch: (id) => ask('pause_batch', { id }),
  resumeBatch: (id, consent, onProgress) => {
    const asked = { consent, offset_minutes: minutesEast() };
    return invoke('resume_batch', { id, ...asked, on_progress: told(onProgress) });
  },
  stopBatch: (id) => ask('stop_batch', { id }),
  watchBatch: (id, onProgress) => invoke('watch_batch', { id, on_progress: told(onProgress) }),
  resendCell: (id, row, column, repeat, consent) =>
    ask('resend_cell', { id, row, column, repeat, consent, offset_minutes: minutesEast() }),
  skipBatchWait: (id) => ask('skip_batch_wait', { id }),
  course: () => ask('course'),
  openLesson: (slug) => ask('open_lesson', { slug }),
  lookAtLesson: (slug) => ask('look_at_lesson', { slug }),
  answer: (slug, part, answer) => ask('answer', { slug, part, answer }),
  resetLesson: (slug) => ask('reset_lesson', { slug }),
  resetCourse: () => ask('reset_course'),
  exportBatch: (id, form) => ask('export_batch', { id, form }),
};
