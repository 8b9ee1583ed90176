import type { Amount } from '../bindings/Amount';
import type { Chat } from '../bindings/Chat';
import type { Control } from '../bindings/Control';
import type { Cut } from '../bindings/Cut';
import type { Delta } from '../bindings/Delta';
import type { Dollars } from '../bindings/Dollars';
import type { ExportedRuns } from '../bindings/ExportedRuns';
import type { ExportForm } from '../bindings/ExportForm';
import type { Filter } from '../bindings/Filter';
import type { Finding } from '../bindings/Finding';
import type { Glossary } from '../bindings/Glossary';
import type { ImportedFiles } from '../bindings/ImportedFiles';
import type { Kept } from '../bindings/Kept';
import type { KeyList } from '../bindings/KeyList';
import type { ModelBill } from '../bindings/ModelBill';
import type { Names } from '../bindings/Names';
import type { Origin } from '../bindings/Origin';
import type { Page } from '../bindings/Page';
import type { PieceCost } from '../bindings/PieceCost';
import type { Preview } from '../bindings/Preview';
import type { PricedBy } from '../bindings/PricedBy';
import type { PromptReading } from '../bindings/PromptReading';
import type { PromptSize } from '../bindings/PromptSize';
import type { RecordingsState } from '../bindings/RecordingsState';
import type { RunEvent } from '../bindings/RunEvent';
import type { Snippet } from '../bindings/Snippet';
import type { Settings } from '../bindings/Settings';
import type { Spent } from '../bindings/Spent';
import type { Start } from '../bindings/Start';
import type { Target } from '../bindings/Target';
import type { Usage } from '../bindings/Usage';
import type { Which } from '../bindings/Which';
import type { Host } from './host';
import { FAKE_START } from './fake-start';

const NOTHING: Amount = { runs: 0, bytes: 0, newest_ms: null };

const GLOSSARY: Glossary = {
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
function words(text: string): string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}

function cut(text: string, limit: number): Cut {
  const all = words(text);
  const spans = all.slice(0, limit).map((word, index) => ({
    text: word,
    tokens: [{ id: 1000 + index, bytes: [...new TextEncoder().encode(word)] }],
  }));
  return { count: all.length, shown_tokens: spans.length, spans };
}

/**
 * A host without an app behind it: it answers from what is here, and lets a test decide when
 * the events of a run arrive.
 */
export class FakeHost implements Host {
  readonly started: { id: string; chat: Chat; target: Target; body: string | null }[] = [];
  readonly billed: { model: string; pricedBy: PricedBy }[] = [];
  readonly cancelled: string[] = [];
  readonly skipped: string[] = [];
  settings: Settings = FAKE_START.settings;
  /** What `lint` answers. */
  findings: Finding[] = [];
  /** What it answers of a body that was edited by hand. */
  ofBody: Finding[] = [];
  reply = 'Sunlight holds every colour, and air scatters the short waves most.';
  /** Without a pace a test calls `tell` itself. */
  pace: number | undefined = 25;
  tell: (events: RunEvent[]) => void = () => undefined;
  #keys: KeyList = { keys: [], notice: null };

  start = (): Promise<Start> => Promise.resolve({ ...FAKE_START, settings: this.settings });
  painted = (): Promise<void> => Promise.resolve();
  keys = (): Promise<KeyList> => Promise.resolve(this.#keys);
  importKey = (): Promise<KeyList> => this.keys();
  forgetKey = (): Promise<KeyList> => this.keys();
  setKey = (): Promise<KeyList> => this.keys();
  checkKey = (): Promise<KeyList> => this.keys();
  importKeyFile = () => Promise.resolve(null);
  openKeysPage = (): Promise<void> => Promise.resolve();
  listModels = () =>
    Promise.resolve({
      models: [{ id: 'practice-1', name: null, max_input: null, max_output: null, shutdown: null }],
      listed: null,
      error: null,
    });
  countTokens = (chat: Chat) =>
    Promise.resolve({ input_tokens: words(JSON.stringify(chat)).length, error: null });
  /** The runs that are kept, the newest first, and what they told. */
  kept: { run: Kept; events: RunEvent[] }[] = [];
  listRuns = ({ text }: Filter): Promise<Page> => {
    const runs = this.kept.map(({ run }) => run.summary);
    return Promise.resolve({ runs: runs.filter((it) => it.question.includes(text)), more: false });
  };
  runNames = (): Promise<Names> => Promise.resolve({ providers: [], models: [] });
  keptRun = (id: string): Promise<Kept> => Promise.resolve(this.#kept(id).run);
  replayRun = (id: string, onEvents: (events: RunEvent[]) => void): Promise<void> =>
    Promise.resolve(onEvents(this.#kept(id).events));
  starRun = (): Promise<void> => Promise.resolve();
  renameRun = (): Promise<void> => Promise.resolve();
  deleteRuns = (ids: string[]): Promise<number> => {
    this.kept = this.kept.filter(({ run }) => !ids.includes(run.summary.id));
    return Promise.resolve(ids.length);
  };
  deleteAllRuns = (): Promise<number> =>
    this.deleteRuns(this.kept.map(({ run }) => run.summary.id));
  /** What `importRuns` answers. */
  imported: ImportedFiles | null = null;
  readonly exported: { which: Which; form: ExportForm }[] = [];
  exportRuns = (_job: string, which: Which, form: ExportForm): Promise<ExportedRuns | null> => {
    this.exported.push({ which, form });
    return Promise.resolve({ runs: which.type === 'ids' ? which.ids.length : this.kept.length });
  };
  importRuns = (): Promise<ImportedFiles | null> => Promise.resolve(this.imported);
  recordingsState = (): Promise<RecordingsState> =>
    Promise.resolve({ amount: NOTHING, notice: null, problem: null, removed: NOTHING });
  spent: Spent = { cost: '0', known: 0, unknown: 0, practice: 0 };
  spentSince = (): Promise<Spent> => Promise.resolve(this.spent);
  beyondLimit = (): Promise<Amount> => Promise.resolve(NOTHING);
  proxyOf = (): Promise<string | null> => Promise.resolve(null);
  cut = (text: string, _model: string, limit: number): Promise<Cut> =>
    Promise.resolve(cut(text, limit));

  saveSettings(settings: Settings): Promise<void> {
    this.settings = settings;
    return Promise.resolve();
  }

  preview(chat: Chat, target: Target): Promise<Preview> {
    const set = Object.entries(chat.parameters).filter(([, value]) => value !== null);
    const body = { model: target.model, messages: chat.messages, ...Object.fromEntries(set) };
    return Promise.resolve({
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
    });
  }

  glossary = (): Promise<Glossary> => Promise.resolve(GLOSSARY);

  /** Two languages, of which one writes nothing but JSON. */
  async snippets(chat: Chat, target: Target, body: string | null): Promise<Snippet[]> {
    const written = body ?? (await this.preview(chat, target)).request.body;
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

  readPrompt(
    chat: Chat,
    _target: Target,
    _priceAs: string | null,
    limit: number,
  ): Promise<PromptReading> {
    const messages = chat.messages.map(({ role, text }) => ({ role, cut: cut(text, limit) }));
    const text = messages.reduce((sum, message) => sum + message.cut.count, 0);
    const overhead = 3 + 4 * messages.length;
    return Promise.resolve({
      tokens: { messages, overhead, overhead_known: true, total: text + overhead },
      encoding: { id: 'o200k_base', exact: true, reason: null },
      estimates: [],
    });
  }

  lint(
    _chat: Chat,
    _target: Target,
    _prompt: PromptSize | null,
    body: string | null,
  ): Promise<Finding[]> {
    return Promise.resolve(body === null ? this.findings : this.ofBody);
  }

  bill(model: string, usage: Usage, pricedBy: PricedBy): Promise<ModelBill> {
    this.billed.push({ model, pricedBy });
    const zero: Dollars = '0';
    const lines = (['input', 'output'] as const).map((kind) => ({
      kind,
      tokens: usage[`${kind}_tokens`] ?? 0,
      per_million: zero,
      cost: zero,
    }));
    const bill = { lines, total: zero, missing: null, above: null };
    return Promise.resolve({ model, bill, price: null, unknown: null });
  }

  /** A word is a token, and all tokens cost the same. */
  pieceCosts(_model: string, frames: Delta[][]): Promise<PieceCost[]> {
    const costs = frames.map((deltas) => {
      const texts = deltas.map((delta) => ('text' in delta ? delta.text : ''));
      const tokens = texts.reduce((sum, text) => sum + words(text).length, 0);
      return { tokens, cost: tokens > 0 ? (tokens / 1e6).toFixed(12) : null };
    });
    return Promise.resolve(costs);
  }

  async startRun(
    id: string,
    chat: Chat,
    target: Target,
    body: string | null,
    onEvents: (events: RunEvent[]) => void,
  ): Promise<void> {
    this.started.push({ id, chat, target, body });
    this.tell = onEvents;
    if (this.pace === undefined) return;
    const { request } = await this.preview(chat, target);
    const pieces = words(this.reply);
    onEvents([{ type: 'attempt_started', at_us: 0, attempt: 1, request }]);
    pieces.forEach((text, index) => {
      const deltas: Delta[] = [{ type: 'text', choice: 0, text }];
      const at_us = (300 + index * (this.pace ?? 0)) * 1000;
      const event: RunEvent = { type: 'frame', index, at_us, offset: 0, raw: text, deltas };
      setTimeout(() => onEvents([event]), at_us / 1000);
    });
    setTimeout(
      () => onEvents([{ type: 'finished', at_us: 0 }]),
      400 + pieces.length * (this.pace ?? 0),
    );
  }

  skipWait(id: string): Promise<void> {
    this.skipped.push(id);
    return Promise.resolve();
  }

  cancelRun(id: string): Promise<void> {
    this.cancelled.push(id);
    this.tell([{ type: 'cancelled', at_us: 1 }]);
    return Promise.resolve();
  }

  #kept(id: string): { run: Kept; events: RunEvent[] } {
    const found = this.kept.find(({ run }) => run.summary.id === id);
    if (!found) throw new Error('There is no such run any more.');
    return found;
  }
}
