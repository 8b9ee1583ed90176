import type { Spending } from '../bindings/Spending';
import type { OwnPrice } from '../bindings/OwnPrice';
import type { MonthTable } from '../bindings/MonthTable';
import type { MonthPlan } from '../bindings/MonthPlan';
import type { FeedDiff } from '../bindings/FeedDiff';
import type { Elsewhere } from '../bindings/Elsewhere';
import type { Catalogue } from '../bindings/Catalogue';
import type { BudgetState } from '../bindings/BudgetState';
import type { ModelBill } from '../bindings/ModelBill';
import type { KeptComparison } from '../bindings/KeptComparison';
import type { Plan } from '../bindings/Plan';
import type { Round } from '../bindings/Round';
import type { TallyRow } from '../bindings/TallyRow';
import type { Chat } from '../bindings/Chat';
import type { Amount } from '../bindings/Amount';
import type { Cut } from '../bindings/Cut';
import type { Delta } from '../bindings/Delta';
import type { ExportedRuns } from '../bindings/ExportedRuns';
import type { ExportForm } from '../bindings/ExportForm';
import type { Filter } from '../bindings/Filter';
import type { Kept } from '../bindings/Kept';
import type { Names } from '../bindings/Names';
import type { Page } from '../bindings/Page';
import type { RecordingsState } from '../bindings/RecordingsState';
import type { Finding } from '../bindings/Finding';
import type { Glossary } from '../bindings/Glossary';
import type { ImportedFiles } from '../bindings/ImportedFiles';
import type { ImportedKeys } from '../bindings/ImportedKeys';
import type { KeyList } from '../bindings/KeyList';
import type { ModelList } from '../bindings/ModelList';
import type { OutputLines } from '../bindings/OutputLines';
import type { PieceCost } from '../bindings/PieceCost';
import type { Preview } from '../bindings/Preview';
import type { PricedBy } from '../bindings/PricedBy';
import type { Progress } from '../bindings/Progress';
import type { PromptReading } from '../bindings/PromptReading';
import type { PromptSize } from '../bindings/PromptSize';
import type { RunEvent } from '../bindings/RunEvent';
import type { ServerCount } from '../bindings/ServerCount';
import type { Snippet } from '../bindings/Snippet';
import type { Settings } from '../bindings/Settings';
import type { Spent } from '../bindings/Spent';
import type { Start } from '../bindings/Start';
import type { Target } from '../bindings/Target';
import type { ConversationReading } from '../bindings/ConversationReading';
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
import type { Which } from '../bindings/Which';
import type { SummaryOffer } from '../bindings/SummaryOffer';
import type { SystemVersion } from '../bindings/SystemVersion';
import type { Trimming } from '../bindings/Trimming';
import type { Usage } from '../bindings/Usage';
import type { BatchHost } from './batch-host';
import type { LearnHost } from './learn-host';
import type { RosettaHost } from './rosetta-host';

/**
 * All that the page may ask of the world outside. Only `tauri.ts` knows Tauri.
 * What is refused rejects with a `CommandError`.
 */
export interface Host extends RosettaHost, BatchHost, LearnHost {
  /** Everything the first screen needs. */
  start(): Promise<Start>;
  /** The first screen is in the page: show the window. */
  painted(): Promise<void>;
  saveSettings(settings: Settings): Promise<void>;

  /** The request exactly as it would be sent, and what made which part of it. */
  preview(chat: Chat, target: Target): Promise<Preview>;
  /** A sentence for every field of a wire format; null if there is no such format. */
  glossary(dialect: string): Promise<Glossary | null>;
  /** The same request as a program in every language; a `body` was written by hand. */
  snippets(chat: Chat, target: Target, body: string | null): Promise<Snippet[]>;
  /**
   * The prompt cut into tokens, without what `trimming` leaves out of the chat, and what the call
   * may cost, also on the model `priceAs`. At most about `limit` spans come back.
   */
  readPrompt(
    chat: Chat,
    target: Target,
    priceAs: string | null,
    limit: number,
    trimming: Trimming,
  ): Promise<PromptReading>;
  /** The call that asks for a summary of what was said, and what it may cost; null if none can. */
  summaryOffer(
    chat: Chat,
    target: Target,
    priceAs: string | null,
    trimming: Trimming,
  ): Promise<SummaryOffer | null>;
  /** A text cut by the model's encoding. */
  cut(text: string, model: string, limit: number): Promise<Cut>;
  /** What `usage` comes to on `model`, at today's price or another, and sent in a batch. */
  bill(model: string, usage: Usage, pricedBy: PricedBy, batch: boolean): Promise<ModelBill>;
  /** What the words of each frame came to, which share these lines of the bill. */
  pieceCosts(model: string, frames: Delta[][], lines: OutputLines): Promise<PieceCost[]>;
  /**
   * What would become of the chat if it were sent, the worst first; of a body that was edited by
   * hand, what can be said of that.
   */
  lint(
    chat: Chat,
    target: Target,
    prompt: PromptSize | null,
    body: string | null,
  ): Promise<Finding[]>;

  /**
   * Returns at once; an `id` that was seen before is refused. A `body` is sent as it stands, in
   * the place of the chat's own. Without `consent` a run that could pass a budget is refused with
   * the code `over_budget`, and its id can be used again.
   */
  startRun(
    id: string,
    chat: Chat,
    target: Target,
    body: string | null,
    consent: boolean,
    onEvents: (events: RunEvent[]) => void,
  ): Promise<void>;
  /**
   * Starts several runs on one clock, as cells of a comparison, which is made where there is none
   * yet: all of them or none. `onEvents` are theirs, in the same order. The answer, once all have
   * begun, is when each did, in microseconds on that clock.
   */
  startRound(
    round: Round,
    consent: boolean,
    onEvents: readonly ((events: RunEvent[]) => void)[],
  ): Promise<number[]>;
  cancelRun(id: string): Promise<void>;
  cancelRuns(ids: string[]): Promise<void>;
  /** Has a run that waits make its next attempt now. */
  skipWait(id: string): Promise<void>;

  /** A page of the runs that are kept, the newest first. */
  listRuns(filter: Filter): Promise<Page>;
  /** The providers and models that were asked. */
  runNames(): Promise<Names>;
  /** What a run was, besides its events. */
  keptRun(id: string): Promise<Kept>;
  /** Tells the events of a run again, all of them, before it resolves. */
  replayRun(id: string, onEvents: (events: RunEvent[]) => void): Promise<void>;
  /** A comparison that was kept: its plan, and which runs are its cells. */
  openComparison(id: string): Promise<KeptComparison>;
  /** Keeps the plan of a comparison as it is now; nothing is sent. */
  saveComparison(id: string, plan: Plan): Promise<void>;
  starComparison(id: string, starred: boolean): Promise<void>;
  renameComparison(id: string, title: string): Promise<void>;
  /** Deletes comparisons with their runs; how many there were. */
  deleteComparisons(ids: string[]): Promise<number>;
  /** How often each model was chosen with its name hidden, in all comparisons. */
  blindTally(): Promise<TallyRow[]>;
  /** Forgets all those choices. */
  forgetVotes(): Promise<void>;
  /** Asks where, and writes a picture (PNG) there; false if that was given up. */
  savePicture(name: string, png: Uint8Array): Promise<boolean>;
  starRun(id: string, starred: boolean): Promise<void>;
  renameRun(id: string, title: string): Promise<void>;
  /** Deletes runs from the disk; how many were there. */
  deleteRuns(ids: string[]): Promise<number>;
  deleteAllRuns(): Promise<number>;
  /**
   * Asks where, and writes runs to a file there; null if that was given up. A `job` can be stopped
   * as a run can.
   */
  exportRuns(
    job: string,
    which: Which,
    form: ExportForm,
    onProgress: (progress: Progress) => void,
  ): Promise<ExportedRuns | null>;
  /** Asks which files, and adds the runs in them; null if none was chosen. */
  importRuns(job: string, onProgress: (progress: Progress) => void): Promise<ImportedFiles | null>;
  /** The system messages that were sent, the newest version first. */
  systemVersions(): Promise<SystemVersion[]>;
  /** Gives a version a name and a note; empty ones take them away. */
  nameVersion(number: number, name: string, note: string): Promise<void>;
  /** Deletes a version from the disk; its runs stay. */
  deleteVersion(number: number): Promise<void>;
  restoreVersion(version: SystemVersion): Promise<void>;
  deleteAllVersions(): Promise<number>;
  recordingsState(): Promise<RecordingsState>;
  /** What the runs cost that began at a time, in milliseconds since 1970, or later. */
  spentSince(sinceMs: number): Promise<Spent>;
  /** What the runs of a time cost: by day, model, provider and conversation. */
  spending(days: readonly number[]): Promise<Spending>;
  /** How much of the budgets of this day and month is used. */
  budgetState(): Promise<BudgetState>;
  /** What a limit of so many megabytes would remove. */
  beyondLimit(megabytes: number): Promise<Amount>;

  /** Every model with its prices, as they hold on a day (UTC); null is today. */
  catalogue(day: string | null): Promise<Catalogue>;
  /** Keeps a price of the person's own, in the place of the one for that model before. */
  setOwnPrice(own: OwnPrice): Promise<Catalogue>;
  removeOwnPrice(model: string): Promise<Catalogue>;
  /** Asks the feed of the settings for prices, and compares them with what we have. */
  readFeed(): Promise<FeedDiff>;
  /** The same with a file that the person picks; null if none was picked. */
  readFeedFile(): Promise<FeedDiff | null>;
  /** Takes over what a feed says of `models`; null is all of them. */
  takeFeed(id: string, models: string[] | null): Promise<Catalogue>;
  /** Takes back what was taken last. */
  undoFeed(): Promise<Catalogue>;
  /** What many calls cost on some models, month by month. */
  month(plan: MonthPlan, models: string[]): Promise<MonthTable>;
  /** The same as a table in text. */
  monthCsv(plan: MonthPlan, models: string[]): Promise<string>;
  /** What a call on `model` costs on other models, at the prices of a day; null is today. */
  elsewhere(
    model: string,
    usage: Usage,
    others: string[] | null,
    day: string | null,
  ): Promise<Elsewhere>;

  keys(): Promise<KeyList>;
  /** Keeps `key` for the origin of the target's address, in the keyring where there is one. */
  setKey(target: Target, key: string): Promise<KeyList>;
  /** The same, with the key taken from one of the provider's environment variables. */
  importKey(target: Target, name: string): Promise<KeyList>;
  /** Lets the person pick a `.env` file and keeps the keys in it; null if none was picked. */
  importKeyFile(): Promise<ImportedKeys | null>;
  forgetKey(target: Target): Promise<KeyList>;
  /** Asks the server, free of charge, whether it accepts its key. */
  checkKey(target: Target): Promise<KeyList>;
  /** Opens the page where a provider's keys are made, in the person's own browser. */
  openKeysPage(provider: string): Promise<void>;
  /** The endpoint's models as they were last listed; `fresh` asks it again, free of charge. */
  listModels(target: Target, fresh: boolean): Promise<ModelList>;
  /** The prompt's tokens by the provider's own count, free of charge. */
  countTokens(chat: Chat, target: Target): Promise<ServerCount>;
  /** Host and port of the proxy through which the target is reached; null if there is none. */
  proxyOf(target: Target): Promise<string | null>;

  /**
   * Keeps a text under an id and reads it: how its lanes cut it, and the rows that can be seen.
   * What is asked of a sheet that is gone, or of an older text of it, is refused as `stale`.
   */
  openSheet(
    sheet: string,
    text: string,
    layout: SheetLayout,
    visible: RowRange,
  ): Promise<SheetReading>;
  /** Changes the text, which only is cut again where it changed. */
  editSheet(
    sheet: string,
    revision: number,
    edit: SheetEdit,
    visible: RowRange,
  ): Promise<SheetReading>;
  /** Lays the same text out otherwise. */
  laySheet(sheet: string, layout: SheetLayout, visible: RowRange): Promise<SheetReading>;
  readRows(sheet: string, revision: number, visible: RowRange): Promise<Row[]>;
  /** How the piece at a place came about; null where nothing is merged. */
  howCut(sheet: string, revision: number, lane: Lane, at: number): Promise<HowCut | null>;
  scoreGuess(sheet: string, revision: number, lane: Lane, guess: Guess): Promise<Score>;
  /** How many tokens a model makes of the text, and how that is known. */
  estimateFor(sheet: string, model: string): Promise<ModelCount>;
  /** A chat with all that a model reads of it, also what nobody wrote. */
  readConversation(chat: Chat, model: string): Promise<ConversationReading>;
  /** One paragraph in many languages, and a text of one's own, counted and priced. */
  languageCosts(priceAs: string | null, own: string | null): Promise<LanguageTable>;
  tokenExamples(): Promise<TokenExample[]>;
  /** Asks which file, and reads a text with its settings from it; null if none was chosen. */
  openSheetFile(): Promise<TokenSheet | null>;
  /** Asks where, and writes such a file; false if that was given up. */
  saveSheetFile(sheet: TokenSheet): Promise<boolean>;
  sheetLink(sheet: TokenSheet): Promise<string>;
  readSheetLink(link: string): Promise<TokenSheet>;
  /** What the program was started with, once: a file or a link; null if neither. */
  openedSheet(): Promise<TokenSheet | null>;
}
