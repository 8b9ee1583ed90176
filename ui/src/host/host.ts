import type { ModelBill } from '../bindings/ModelBill';
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
import type { Which } from '../bindings/Which';
import type { Usage } from '../bindings/Usage';

/**
 * All that the page may ask of the world outside. Only `tauri.ts` knows Tauri.
 * What is refused rejects with a `CommandError`.
 */
export interface Host {
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
   * The prompt cut into tokens, and what the call may cost, also on the model `priceAs`. At most
   * about `limit` spans come back.
   */
  readPrompt(
    chat: Chat,
    target: Target,
    priceAs: string | null,
    limit: number,
  ): Promise<PromptReading>;
  /** A text cut by the model's encoding. */
  cut(text: string, model: string, limit: number): Promise<Cut>;
  /** What `usage` comes to on `model`, at today's price or another. */
  bill(model: string, usage: Usage, pricedBy: PricedBy): Promise<ModelBill>;
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
   * the place of the chat's own.
   */
  startRun(
    id: string,
    chat: Chat,
    target: Target,
    body: string | null,
    onEvents: (events: RunEvent[]) => void,
  ): Promise<void>;
  cancelRun(id: string): Promise<void>;
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
  recordingsState(): Promise<RecordingsState>;
  /** What the runs cost that began at a time, in milliseconds since 1970, or later. */
  spentSince(sinceMs: number): Promise<Spent>;
  /** What a limit of so many megabytes would remove. */
  beyondLimit(megabytes: number): Promise<Amount>;

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
}
