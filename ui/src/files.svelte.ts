import type { ExportForm } from './bindings/ExportForm';
import type { ImportedFiles } from './bindings/ImportedFiles';
import type { Progress } from './bindings/Progress';
import type { Which } from './bindings/Which';
import type { Host } from './host/host';
import { message, plural } from './text';

/** What runs are written as, with a sentence each. */
export const FORMS: { id: ExportForm; name: string; says: string; isOfOne?: boolean }[] = [
  {
    id: 'recording',
    name: 'Recording',
    says: 'All that is known, frame by frame, in a .tokenscope.json that can be imported again.',
  },
  {
    id: 'markdown',
    name: 'Transcript in Markdown',
    says: 'The conversation to be read, with parameters, figures and the request.',
  },
  {
    id: 'html',
    name: 'Transcript as a page',
    says: 'The same in HTML. It loads nothing and prints.',
  },
  {
    id: 'body',
    name: 'Body of the reply',
    says: 'What the server sent, byte for byte, as .sse, .ndjson or .json.',
    isOfOne: true,
  },
];

/** A progress is shown to those who have waited so many milliseconds. */
const PATIENCE = 1000;

/** Runs on their way to a file, or out of one: one at a time. */
export class Files {
  job = $state.raw<{ id: string; what: 'export' | 'import' }>();
  progress = $state.raw<Progress>();
  /** What came of the last one. */
  said = $state.raw<{ text: string; details: string[]; isBad: boolean }>();

  constructor(
    private readonly host: Host,
    private readonly onImported: () => void,
  ) {}

  async export(which: Which, form: ExportForm): Promise<void> {
    await this.#do('export', async (id, onProgress) => {
      const done = await this.host.exportRuns(id, which, form, onProgress);
      return done && { text: `${wereRuns(done.runs)} written.`, details: [], isBad: false };
    });
  }

  async import(): Promise<void> {
    await this.#do('import', async (id, onProgress) => {
      const done = await this.host.importRuns(id, onProgress);
      return done && told(done);
    });
    this.onImported();
  }

  stop(): void {
    if (this.job) void this.host.cancelRun(this.job.id);
  }

  dismiss(): void {
    this.said = undefined;
  }

  async #do(
    what: 'export' | 'import',
    work: (id: string, onProgress: (progress: Progress) => void) => Promise<Files['said'] | null>,
  ): Promise<void> {
    if (this.job) return;
    const id = crypto.randomUUID();
    this.job = { id, what };
    this.said = undefined;
    let since: number | undefined;
    try {
      const said = await work(id, (progress) => {
        since ??= performance.now();
        if (performance.now() - since >= PATIENCE) this.progress = progress;
      });
      this.said = said ?? undefined;
    } catch (error) {
      this.said = { text: message(error), details: [], isBad: true };
    } finally {
      [this.job, this.progress] = [undefined, undefined];
    }
  }
}

const wereRuns = (count: number) => `${plural(count, 'run')} ${count === 1 ? 'was' : 'were'}`;

/** What became of the chosen files, in a line, and what was wrong with which. */
function told({ runs, refused, stopped }: ImportedFiles): NonNullable<Files['said']> {
  const parts = [
    runs.added > 0 ? `${wereRuns(runs.added)} added${withThem(runs.comparisons)}` : '',
    runs.there_already > 0 ? `${String(runs.there_already)} ${wasThere(runs.there_already)}` : '',
    runs.left_out > 0 ? `${String(runs.left_out)} could not be read` : '',
    refused.length > 0 ? `${plural(refused.length, 'file')} could not be read` : '',
    stopped ? 'the file that was being read was left out' : '',
  ].filter((part) => part !== '');
  const text = parts.length > 0 ? `${parts.join(', ')}.` : 'There are no runs in it.';
  const details = [
    ...refused.map(({ file, why }) => `${file}: ${why}`),
    ...runs.why.map(
      ({ is_comparison, place, why }) =>
        `${is_comparison ? 'Comparison' : 'Run'} ${String(place)}: ${why}.`,
    ),
  ];
  const isBad = runs.added + runs.there_already === 0 && details.length > 0;
  return { text: text.charAt(0).toUpperCase() + text.slice(1), details, isBad };
}

const withThem = (comparisons: number) =>
  comparisons > 0 ? ` in ${plural(comparisons, 'comparison')}` : '';
const wasThere = (count: number) => `${count === 1 ? 'was' : 'were'} there already`;
