import type { Fix } from './bindings/Fix';
import { PARAMETERS } from './parameters';
import type { Play } from './play.svelte';
import { count } from './text';

/** What a fix may need beyond the Play room. */
export interface Means {
  play: Play;
  onkeys: () => void;
  onmodel: (model: string) => void;
  /** Opens the list of providers and models. */
  onmodels: () => void;
}

/** A fix as a button: what it says, what it does, and what stands there afterwards. */
export interface Repair {
  label: string;
  done?: string;
  apply: () => void;
}

/** Whether a fix changes something other than the request, which may be edited by hand. */
export function isElsewhere({ type }: Fix): boolean {
  return ['open_keys', 'open_settings', 'wait', 'run_command'].includes(type);
}

/** What a button can do here and now; nothing where it would change nothing. */
export function repair(fix: Fix, { play, onkeys, onmodel, onmodels }: Means): Repair | undefined {
  if (play.edited !== undefined && !isElsewhere(fix)) return undefined;
  const set = (changes: Partial<typeof play.parameters>) => () =>
    (play.parameters = { ...play.parameters, ...changes });
  switch (fix.type) {
    case 'open_keys':
      return { label: 'Open Keys', apply: onkeys };
    case 'open_settings':
      return { label: 'Open Settings', apply: onkeys };
    case 'lower_max_tokens': {
      const asked = play.parameters.max_tokens;
      if (asked === null || asked <= fix.to) return undefined;
      return {
        label: `Lower max tokens to ${count(fix.to)}`,
        done: `max tokens was ${count(asked)} and is ${count(fix.to)} now.`,
        apply: set({ max_tokens: fix.to }),
      };
    }
    case 'drop_parameter': {
      const label = PARAMETERS.find(({ name }) => name === fix.control)?.label ?? fix.control;
      if (play.parameters[fix.control] === null) return undefined;
      return {
        label: `Leave ${label} unset`,
        done: `${label} is unset now.`,
        apply: set({ [fix.control]: null }),
      };
    }
    case 'trim_history':
      if (play.exchanges.length < 2) return undefined;
      return {
        label: 'Leave out the oldest questions',
        done: 'The older half of the conversation is left out now.',
        apply: () => play.trim(),
      };
    case 'change_model':
      if (play.target.model === fix.id) return undefined;
      return {
        label: `Use ${fix.id}`,
        done: `The model is ${fix.id} now.`,
        apply: () => onmodel(fix.id),
      };
    case 'choose_model':
      return { label: 'Choose a model', apply: onmodels };
    case 'wait':
    case 'run_command':
      // The card draws these: one is a countdown, the other is not for the app to run.
      return undefined;
    default:
      return fix satisfies never;
  }
}
