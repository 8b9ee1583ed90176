import type { LensName } from '../bindings/LensName';
import type { OtherControl } from '../bindings/OtherControl';
import type { PageControl } from '../bindings/PageControl';

/** How a control comes to be seen. */
export interface Way {
  /** Whether every room has it. */
  isEverywhere?: boolean;
  /** The lens of Play that it is in. */
  lens?: LensName;
  /** What opens the place that it is in, where it cannot be seen. */
  through?: OtherControl;
}

/** What a lesson may point at, besides the parameters: `data-control` marks each in the page. */
const WAYS: Record<OtherControl, Way> = {
  send: {},
  message: {},
  system: {},
  model: { isEverywhere: true },
  new: {},
  compare: {},
  sweep: {},
  parameters: {},
  edit_body: { lens: 'request' },
  conversation: {},
  context: {},
  versions: {},
  settings: { isEverywhere: true },
};

export function wayTo(control: PageControl): Way {
  return control in WAYS ? WAYS[control as OtherControl] : { through: 'parameters' };
}
