import type { LineKind } from '../bindings/LineKind';
import type { ModelBill } from '../bindings/ModelBill';
import type { Delta } from '../bindings/Delta';
import type { Call } from '../costs/elsewhere.svelte';
import { isWords, type Run } from '../run.svelte';
import type { Choice } from '../selection.svelte';

/**
 * What each line of a bill pays for in a reply: its words, from the first to the last. Nothing of
 * the prompt came in a frame, so the lines of input have nothing there.
 */
export function paidFor({ bill }: ModelBill, run: Run): (Choice | undefined)[] {
  const isApart = bill.lines.some(({ kind }) => kind === 'reasoning');
  return bill.lines.map(({ kind }) => {
    const first = run.log.all.findIndex(({ deltas }) => deltas.some(pays(kind, isApart)));
    const last = run.log.all.findLastIndex(({ deltas }) => deltas.some(pays(kind, isApart)));
    return first < 0 ? undefined : run.log.choice({ first, last });
  });
}

/** Whether a delta is billed in a line. Reasoning is output where it has no line of its own. */
function pays(kind: LineKind, isApart: boolean): (delta: Delta) => boolean {
  if (kind !== 'output' && kind !== 'reasoning') return () => false;
  const isReasoning = (delta: Delta) => delta.type === 'reasoning' && isApart;
  return (delta) => isWords(delta) && isReasoning(delta) === (kind === 'reasoning');
}

/** What a run used, to be priced on other models; none if nobody said. */
export function callMade(run: Run, question = ''): Call | undefined {
  const { id, usage, target, priced } = run;
  if (!usage) return undefined;
  const at = priced?.others.type === 'day' ? Date.parse(priced.others.day) : Date.now();
  const name = question || 'No message';
  return { id, name, model: target.model, target, isFree: run.isPractice, usage, at };
}
