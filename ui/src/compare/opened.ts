import type { KeptComparison } from '../bindings/KeptComparison';
import type { Place } from '../bindings/Place';
import { Exchange, turnsOf } from '../conversation.svelte';
import type { Host } from '../host/host';
import { replayed } from '../kept';
import { Play } from '../play.svelte';
import type { Run } from '../run.svelte';
import type { Column } from './column.svelte';

/** A run that came back, and where it stands in the plan. */
interface Found extends Place {
  run: Run;
}

interface Read extends Found {
  turns: Exchange[];
}

interface Opened {
  /** Every column of the plan. */
  columns: Column[];
  /** Those that are shown, from left to right. */
  shown: Column[];
  cells: Found[];
}

/** The columns of a comparison that was kept, with their conversations as they were. */
export async function opened(
  host: Host,
  priceAs: string,
  { plan, cells }: KeptComparison,
  column: (play: Play) => Column,
): Promise<Opened> {
  const found = await Promise.all(
    // A run that was deleted by itself, or never written, leaves its place empty.
    cells.flatMap(({ place, run, start_us, summary }) =>
      summary ? read(host, run, place, start_us ?? 0) : [],
    ),
  );
  const columns = plan.columns.map(({ target, system, parameters, muted }, at) => {
    const play = new Play({ host, target, system, parameters, priceAs, draft: '' });
    const its = found.filter(({ column }) => column === at);
    play.conversation.begin(conversation(its), undefined);
    const made = column(play);
    made.isMuted = muted;
    return made;
  });
  const order = plan.order.length > 0 ? plan.order : columns.map((_, at) => at);
  const shown = order.flatMap((at) => columns[at] ?? []);
  return { columns, shown, cells: found };
}

/** A run that was kept, with its conversation. */
async function read(host: Host, id: string, place: Place, startUs: number): Promise<Read> {
  const kept = await host.keptRun(id);
  const run = await replayed(host, kept);
  run.startUs = startUs;
  return { ...place, run, turns: turnsOf(kept.chat, run) };
}

/** The turns that the last run was told of, with the recordings of those that are its own. */
function conversation(found: readonly Read[]): Exchange[] {
  const last = found.at(-1);
  if (!last) return [];
  const turns = [...last.turns];
  let at = turns.length - 1;
  for (const row of new Set(found.map((it) => it.row).reverse())) {
    const question = turns[at]?.question;
    const its = found.filter((it) => it.row === row && it.turns.at(-1)?.question === question);
    if (question === undefined || its.length === 0) continue;
    const turn = new Exchange(question);
    for (const { run } of its) turn.add(run);
    turns[at--] = turn;
  }
  return turns;
}
