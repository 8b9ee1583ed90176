import type { BatchOrder } from '../bindings/BatchOrder';
import type { BatchPlan } from '../bindings/BatchPlan';
import type { BatchState } from '../bindings/BatchState';
import type { ExportedTable } from '../bindings/ExportedTable';
import type { PromptSet } from '../bindings/PromptSet';
import type { TableForm } from '../bindings/TableForm';
import type { SetForm } from '../bindings/SetForm';

/** What the page may ask about many calls at once: sweeps and sets. */
export interface BatchHost {
  /** Prompts out of a text; without a `form` it is told by name and content. */
  readPromptSet(
    name: string,
    text: string,
    form: SetForm | null,
    field: string | null,
  ): Promise<PromptSet>;
  /** Asks which file, and reads prompts from it; null if none was chosen. */
  openPromptSet(field: string | null): Promise<PromptSet | null>;
  /** How many calls an order comes to, and what they may cost; nothing is sent. */
  planBatch(order: BatchOrder): Promise<BatchPlan>;
  /**
   * Sends the calls of an order, a few at a time. Without `consent` one that could pass a budget is
   * refused with the code `over_budget`, and its id can be used again.
   */
  startBatch(
    id: string,
    title: string,
    order: BatchOrder,
    concurrency: number | null,
    consent: boolean,
    onProgress: (state: BatchState) => void,
  ): Promise<void>;
  /** What is under way comes to its end, and nothing more is sent. */
  pauseBatch(id: string): Promise<void>;
  resumeBatch(id: string, consent: boolean, onProgress: (state: BatchState) => void): Promise<void>;
  /** What is under way is cancelled as well. */
  stopBatch(id: string): Promise<void>;
  /** How a batch stands, also one that does not run; from now on its progress is told. */
  watchBatch(id: string, onProgress: (state: BatchState) => void): Promise<BatchState>;
  /** Sends a call once more that came to no good end. */
  resendCell(
    id: string,
    row: number,
    column: number,
    repeat: number,
    consent: boolean,
  ): Promise<void>;
  /** Has a batch that waits for a provider send its next call now. */
  skipBatchWait(id: string): Promise<void>;
  /** Asks where, and writes every reply with its figures; null if that was given up. */
  exportBatch(id: string, form: TableForm): Promise<ExportedTable | null>;
}
