import type { PlanColumn } from '../bindings/PlanColumn';
import { Exchange, type Conversation } from '../conversation.svelte';
import type { Play } from '../play.svelte';
import { Run } from '../run.svelte';
import { unturned } from '../text';

/** So many characters has the label of a column at most; a model's id may have more. */
const LONGEST_LABEL = 200;

/** One column of a comparison: a Play room of its own, and what is only said beside others. */
export class Column {
  /** Whether it is left out when something is sent to all. */
  isMuted = $state(false);

  constructor(readonly play: Play) {}

  /** As the plan of a comparison has it. */
  planned(label: string): PlanColumn {
    const { target, system, parameters } = this.play;
    const short = [...label].slice(0, LONGEST_LABEL).join('');
    return { label: short, target, system, parameters, muted: this.isMuted };
  }
}

/**
 * The conversation as another column takes it over: what was said so far, and the last question,
 * which nobody has answered there yet.
 */
export function continued(of: Conversation): Exchange[] {
  const turns = of.turns.filter(({ run }) => run?.text);
  return turns.map(({ question, run }, place) => {
    const turn = new Exchange(question);
    if (run && place < turns.length - 1) turn.add(Run.saying(run.text, run.target));
    return turn;
  });
}

/**
 * Names for columns, by their models; those that share one are numbered. What is said with a name
 * stays as it is written, whatever the name has in it.
 */
export function namesOf(models: readonly string[]): string[] {
  return models.map((model, at) => {
    const name = unturned(model) || 'no model';
    if (models.indexOf(model) === models.lastIndexOf(model)) return name;
    return `${name} (${models.slice(0, at + 1).filter((it) => it === model).length})`;
  });
}
