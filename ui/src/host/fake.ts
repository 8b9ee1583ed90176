import type { Glossary } from '../bindings/Glossary';
import type { PieceCost } from '../bindings/PieceCost';
import type { ModelBill } from '../bindings/ModelBill';
import type { Spending } from '../bindings/Spending';
import type { OwnPrice } from '../bindings/OwnPrice';
import type { OverBudget } from '../bindings/OverBudget';
import type { MonthTable } from '../bindings/MonthTable';
import type { MonthPlan } from '../bindings/MonthPlan';
import type { FeedDiff } from '../bindings/FeedDiff';
import type { Elsewhere } from '../bindings/Elsewhere';
import type { Catalogue } from '../bindings/Catalogue';
import type { BudgetState } from '../bindings/BudgetState';
import type { Amount } from '../bindings/Amount';
import type { KeptComparison } from '../bindings/KeptComparison';
import type { Plan } from '../bindings/Plan';
import type { Round } from '../bindings/Round';
import type { TallyRow } from '../bindings/TallyRow';
import type { Chat } from '../bindings/Chat';
import type { Delta } from '../bindings/Delta';
import type { ExportedRuns } from '../bindings/ExportedRuns';
import type { ExportForm } from '../bindings/ExportForm';
import type { Filter } from '../bindings/Filter';
import type { Finding } from '../bindings/Finding';
import type { ImportedFiles } from '../bindings/ImportedFiles';
import type { Kept } from '../bindings/Kept';
import type { KeyList } from '../bindings/KeyList';
import type { Names } from '../bindings/Names';
import type { Page } from '../bindings/Page';
import type { PricedBy } from '../bindings/PricedBy';
import type { PromptSize } from '../bindings/PromptSize';
import type { RecordingsState } from '../bindings/RecordingsState';
import type { RunEvent } from '../bindings/RunEvent';
import type { Settings } from '../bindings/Settings';
import type { Spent } from '../bindings/Spent';
import type { Start } from '../bindings/Start';
import type { Target } from '../bindings/Target';
import type { SummaryOffer } from '../bindings/SummaryOffer';
import type { SystemVersion } from '../bindings/SystemVersion';
import type { Usage } from '../bindings/Usage';
import type { Guess } from '../bindings/Guess';
import type { HowCut } from '../bindings/HowCut';
import type { Lane } from '../bindings/Lane';
import type { LanguageTable } from '../bindings/LanguageTable';
import type { ModelCount } from '../bindings/ModelCount';
import type { Row } from '../bindings/Row';
import type { RowRange } from '../bindings/RowRange';
import type { Score } from '../bindings/Score';
import type { SheetEdit } from '../bindings/SheetEdit';
import type { SheetLayout } from '../bindings/SheetLayout';
import type { SheetReading } from '../bindings/SheetReading';
import type { TokenExample } from '../bindings/TokenExample';
import type { TokenSheet } from '../bindings/TokenSheet';
import type { ConversationReading } from '../bindings/ConversationReading';
import type { Which } from '../bindings/Which';
import type { Host } from './host';
import { FakeBatches, fakePlan, fakePrompts } from './fake-batch';
import { fakeAnatomy, fakeRosetta } from './fake-rosetta';
import * as costs from './fake-costs';
import * as text from './fake-text';
import { FakeCourse } from './fake-learn';
import { fakeSummaryOffer } from './fake-context';
import { FakeComparisons } from './fake-comparisons';
import { FakeVersions } from './fake-versions';
import { FAKE_START } from './fake-start';
import { FAKE_EXAMPLES, FakeTokens, fakeConversation, fakeLanguages } from './fake-tokens';

const NOTHING: Amount = { runs: 0, bytes: 0, newest_ms: null };

/**
 * A host without an app behind it: it answers from what is here, and lets a test decide when
 * the events of a run arrive.
 */
export class FakeHost implements Host {
  readonly started: { id: string; chat: Chat; target: Target; body: string | null }[] = [];
  /** The budget that a run would pass which nobody consented to. */
  over: OverBudget | undefined;
  readonly billed: { model: string; pricedBy: PricedBy }[] = [];
  readonly cancelled: string[] = [];
  readonly skipped: string[] = [];
  settings: Settings = FAKE_START.settings;
  /** How many tokens every model reads; null as if nobody knew. */
  window: number | null = null;
  /** What `lint` answers. */
  findings: Finding[] = [];
  /** What it answers of a body that was edited by hand. */
  ofBody: Finding[] = [];
  reply = 'Sunlight holds every colour, and air scatters the short waves most.';
  /** Without a pace a test calls `tell` itself. */
  pace: number | undefined = 25;
  tell: (events: RunEvent[]) => void = () => undefined;
  /** What belongs to several runs at once. */
  readonly comparisons = new FakeComparisons();
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
    Promise.resolve({ input_tokens: text.words(JSON.stringify(chat)).length, error: null });
  /** The runs that are kept, the newest first, and what they told. */
  kept: { run: Kept; events: RunEvent[] }[] = [];
  listRuns = ({ text }: Filter): Promise<Page> => {
    const runs = this.kept.map(({ run }) => run.summary);
    const fitting = runs.filter((it) => it.question.includes(text));
    return Promise.resolve({ runs: fitting, comparisons: [], more: false });
  };
  runNames = (): Promise<Names> => Promise.resolve({ providers: [], models: [] });
  keptRun = (id: string): Promise<Kept> => Promise.resolve(this.#kept(id).run);
  replayRun = (id: string, onEvents: (events: RunEvent[]) => void): Promise<void> =>
    Promise.resolve(onEvents(this.#kept(id).events));
  openComparison = (id: string): Promise<KeptComparison> => this.comparisons.open(id);
  saveComparison = async (id: string, plan: Plan): Promise<void> =>
    void this.comparisons.plans.set(id, plan);
  starComparison = (): Promise<void> => Promise.resolve();
  renameComparison = (): Promise<void> => Promise.resolve();
  deleteComparisons = (ids: string[]): Promise<number> => Promise.resolve(ids.length);
  blindTally = async (): Promise<TallyRow[]> => this.comparisons.tally();
  forgetVotes = async (): Promise<void> => this.comparisons.forget();
  savePicture = async (name: string): Promise<boolean> => this.comparisons.pictures.push(name) > 0;
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
  /** The versions of the system message. */
  readonly versions = new FakeVersions();
  systemVersions = async (): Promise<SystemVersion[]> => this.versions.all();
  nameVersion = async (number: number, name: string, note: string): Promise<void> =>
    this.versions.name(number, name, note);
  deleteVersion = async (number: number): Promise<void> => this.versions.delete(number);
  restoreVersion = async (version: SystemVersion): Promise<void> => this.versions.restore(version);
  deleteAllVersions = async (): Promise<number> => this.versions.deleteAll();
  recordingsState = (): Promise<RecordingsState> =>
    Promise.resolve({ amount: NOTHING, notice: null, problem: null, removed: NOTHING });
  spent: Spent = { cost: '0', known: 0, unknown: 0, practice: 0 };
  spentSince = (): Promise<Spent> => Promise.resolve(this.spent);
  spendings = costs.FAKE_SPENDING;
  spending = (days: readonly number[]): Promise<Spending> => {
    const [nothing, { total }] = [{ ...costs.FAKE_NOTHING }, this.spendings];
    // All of it on the last day.
    const spent = days.map((_, at) => (at === days.length - 1 ? total : nothing));
    return Promise.resolve({ ...this.spendings, days: spent });
  };
  budget = costs.FAKE_BUDGET;
  budgetState = (): Promise<BudgetState> => Promise.resolve(this.budget);
  beyondLimit = (): Promise<Amount> => Promise.resolve(NOTHING);
  /** Sheets and files of the Tokens room. */
  readonly tokens = new FakeTokens();
  openSheet = async (
    id: string,
    text: string,
    layout: SheetLayout,
    rows: RowRange,
  ): Promise<SheetReading> => this.tokens.open(id, text, layout, rows);
  editSheet = async (
    id: string,
    revision: number,
    edit: SheetEdit,
    rows: RowRange,
  ): Promise<SheetReading> => this.tokens.edit(id, revision, edit, rows);
  laySheet = async (id: string, layout: SheetLayout, rows: RowRange): Promise<SheetReading> =>
    this.tokens.lay(id, layout, rows);
  readRows = async (id: string, revision: number, rows: RowRange): Promise<Row[]> =>
    this.tokens.rows(id, revision, rows);
  howCut = async (id: string, _revision: number, lane: Lane, at: number): Promise<HowCut | null> =>
    this.tokens.howCut(id, lane, at);
  scoreGuess = async (id: string, _revision: number, lane: Lane, guess: Guess): Promise<Score> =>
    this.tokens.score(id, lane, guess);
  estimateFor = async (id: string, model: string): Promise<ModelCount> =>
    this.tokens.estimate(id, model);
  readConversation = async (chat: Chat, model: string): Promise<ConversationReading> =>
    fakeConversation(chat, model);
  languageCosts = async (_priceAs: string | null, own: string | null): Promise<LanguageTable> =>
    fakeLanguages(own);
  tokenExamples = async (): Promise<TokenExample[]> => FAKE_EXAMPLES;
  openSheetFile = async (): Promise<TokenSheet | null> => this.tokens.file;
  saveSheetFile = async (sheet: TokenSheet): Promise<boolean> => this.tokens.saved.push(sheet) > 0;
  sheetLink = async (sheet: TokenSheet): Promise<string> =>
    `tokenscope://tokens?${encodeURIComponent(JSON.stringify(sheet))}`;
  readSheetLink = async (link: string): Promise<TokenSheet> =>
    JSON.parse(decodeURIComponent(link.replace('tokenscope://tokens?', ''))) as TokenSheet;
  openedSheet = async (): Promise<TokenSheet | null> => this.tokens.file;
  /** What the Costs room knows, and what was asked of it. */
  prices = costs.FAKE_CATALOGUE;
  catalogue = (): Promise<Catalogue> => Promise.resolve(this.prices);
  setOwnPrice = (own: OwnPrice): Promise<Catalogue> =>
    Promise.resolve((this.prices = costs.withOwn(this.prices, own)));
  removeOwnPrice = (model: string): Promise<Catalogue> =>
    Promise.resolve((this.prices = costs.withoutOwn(this.prices, model)));
  /** What a feed says; null as if no file were picked. */
  feed: FeedDiff | null = costs.FAKE_DIFF;
  readonly taken: { id: string; models: string[] | null }[] = [];
  readFeed = (): Promise<FeedDiff> => Promise.resolve(this.feed ?? costs.FAKE_DIFF);
  readFeedFile = (): Promise<FeedDiff | null> => Promise.resolve(this.feed);
  takeFeed = (id: string, models: string[] | null): Promise<Catalogue> => {
    this.taken.push({ id, models });
    const feed = { format: 'genai_prices', source: 'prices.json', taken: '2026-11-20' } as const;
    this.prices = {
      ...this.prices,
      feed: { ...feed, models: models?.length ?? 2, can_undo: true },
    };
    return Promise.resolve(this.prices);
  };
  undoFeed = (): Promise<Catalogue> => Promise.resolve((this.prices = costs.FAKE_CATALOGUE));
  month = (plan: MonthPlan, models: string[]): Promise<MonthTable> =>
    Promise.resolve(costs.month(plan, models));
  monthCsv = (plan: MonthPlan, models: string[]): Promise<string> =>
    Promise.resolve(costs.monthCsv(plan, models));
  readonly askedElsewhere: { others: string[] | null; day: string | null }[] = [];
  elsewhere = (
    model: string,
    usage: Usage,
    others: string[] | null,
    day: string | null,
  ): Promise<Elsewhere> => {
    this.askedElsewhere.push({ others, day });
    const models = [model, ...(others ?? this.prices.rows.map(({ id }) => id))];
    return Promise.resolve(costs.elsewhere(usage, [...new Set(models)]));
  };
  proxyOf = (): Promise<string | null> => Promise.resolve(null);
  rosetta: Host['rosetta'] = async (chat, targets) => fakeRosetta(chat, targets);
  rosettaReply: Host['rosettaReply'] = async (id) =>
    fakeAnatomy(this.started.find((run) => run.id === id)?.target.dialect ?? 'openai-chat');
  /** Sweeps and sets. */
  readonly batches = new FakeBatches();
  variety: Host['variety'] = async (ids) => this.batches.variety(ids);
  readPromptSet: Host['readPromptSet'] = async (name, text) => fakePrompts(name, text);
  openPromptSet: Host['openPromptSet'] = async () => this.batches.file;
  planBatch: Host['planBatch'] = async (order) => ({
    ...fakePlan(order),
    over: this.batches.over ?? null,
  });
  startBatch: Host['startBatch'] = async (id, title, order, concurrency, consent, onProgress) => {
    const { over } = this.batches;
    if (over && !consent) throw { code: 'over_budget', message: 'Over.', over };
    this.batches.start(id, title, order, concurrency);
    onProgress(this.batches.watch(id, onProgress));
    if (this.pace !== undefined) this.batches.run(id, this.pace * 8);
  };
  pauseBatch: Host['pauseBatch'] = async (id) => this.batches.change(id, 'paused');
  resumeBatch: Host['resumeBatch'] = async (id, _consent, onProgress) => {
    this.batches.watch(id, onProgress);
    this.batches.change(id, 'running');
  };
  stopBatch: Host['stopBatch'] = async (id) => this.batches.change(id, 'stopped');
  watchBatch: Host['watchBatch'] = async (id, onProgress) => this.batches.watch(id, onProgress);
  resendCell: Host['resendCell'] = async (id, row, column, repeat) =>
    void this.batches.asked.push(`resend ${id} ${row} ${column} ${repeat}`);
  skipBatchWait: Host['skipBatchWait'] = async (id) => void this.batches.asked.push(`skip ${id}`);
  exportBatch: Host['exportBatch'] = async () => this.batches.exported;
  /** The course. */
  readonly lessons = new FakeCourse();
  course: Host['course'] = async () => this.lessons.course();
  openLesson: Host['openLesson'] = async (slug) => this.lessons.open(slug);
  lookAtLesson: Host['lookAtLesson'] = async (slug) => this.lessons.state(slug);
  answer: Host['answer'] = async (slug, part, answer) => this.lessons.answer(slug, part, answer);
  resetLesson: Host['resetLesson'] = async (slug) => this.lessons.reset(slug);
  resetCourse: Host['resetCourse'] = async () => this.lessons.reset(null);
  cut: Host['cut'] = async (said, _model, limit) => text.cut(said, limit);

  saveSettings(settings: Settings): Promise<void> {
    this.settings = settings;
    return Promise.resolve();
  }

  preview: Host['preview'] = async (chat, target) => text.preview(chat, target);
  glossary = (): Promise<Glossary> => Promise.resolve(text.GLOSSARY);
  snippets: Host['snippets'] = async (chat, target, body) =>
    text.snippets(body ?? text.preview(chat, target).request.body);
  readPrompt: Host['readPrompt'] = async (chat, _target, _priceAs, limit, trimming) =>
    text.readPrompt(chat, this.window, limit, trimming);

  summaryOffer = (chat: Chat): Promise<SummaryOffer | null> =>
    Promise.resolve(fakeSummaryOffer(chat));

  lint(
    _chat: Chat,
    _target: Target,
    _prompt: PromptSize | null,
    body: string | null,
  ): Promise<Finding[]> {
    return Promise.resolve(body === null ? this.findings : this.ofBody);
  }

  async bill(model: string, usage: Usage, pricedBy: PricedBy): Promise<ModelBill> {
    this.billed.push({ model, pricedBy });
    return text.bill(model, usage);
  }

  async pieceCosts(_model: string, frames: Delta[][]): Promise<PieceCost[]> {
    return text.pieceCosts(frames);
  }

  async startRun(
    id: string,
    chat: Chat,
    target: Target,
    body: string | null,
    consent: boolean,
    onEvents: (events: RunEvent[]) => void,
  ): Promise<void> {
    if (this.over && !consent) {
      return Promise.reject({ code: 'over_budget', message: 'Over.', over: this.over });
    }
    this.started.push({ id, chat, target, body });
    if (body === null) this.versions.sent(chat);
    this.tell = onEvents;
    if (this.pace === undefined) return;
    const { request } = text.preview(chat, target);
    const pieces = text.words(this.reply);
    onEvents([{ type: 'attempt_started', at_us: 0, attempt: 1, request }]);
    pieces.forEach((text, index) => {
      const deltas: Delta[] = [{ type: 'text', choice: 0, text }];
      const at_us = (300 + index * (this.pace ?? 0)) * 1000;
      const event: RunEvent = { type: 'frame', index, at_us, offset: 0, raw: text, deltas };
      setTimeout(() => onEvents([event]), at_us / 1000);
    });
    setTimeout(
      () =>
        onEvents([{ type: 'finished', at_us: 1000 * (400 + pieces.length * (this.pace ?? 0)) }]),
      400 + pieces.length * (this.pace ?? 0),
    );
  }

  async startRound(
    round: Round,
    consent: boolean,
    onEvents: readonly ((events: RunEvent[]) => void)[],
  ): Promise<number[]> {
    if (this.over && !consent) {
      return Promise.reject({ code: 'over_budget', message: 'Over.', over: this.over });
    }
    this.comparisons.take(round, onEvents);
    for (const [at, { id, chat, target, body }] of round.runs.entries())
      await this.startRun(id, chat, target, body, true, onEvents[at] ?? (() => undefined));
    return round.runs.map((_, at) => 100 * at);
  }

  cancelRuns(ids: string[]): Promise<void> {
    this.cancelled.push(...ids);
    for (const id of ids) this.comparisons.tell(id, [{ type: 'cancelled', at_us: 1 }]);
    return Promise.resolve();
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
