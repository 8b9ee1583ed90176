import type { Kept } from './bindings/Kept';
import { utcDay } from './days';
import type { Host } from './host/host';
import { Run } from './run.svelte';

/** The run that was kept, folded from its events as it was when they came, at the price of its day. */
export async function replayed(host: Host, { summary, price }: Kept): Promise<Run> {
  const run = new Run(summary.id, summary.target, summary.by_hand);
  const day = utcDay(summary.started_ms);
  run.priced = { own: { type: 'kept', price }, others: { type: 'day', day } };
  await host.replayRun(summary.id, (events) => run.apply(events));
  run.lose();
  return run;
}
