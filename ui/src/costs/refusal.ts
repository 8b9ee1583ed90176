import { message } from '../text';

/** Why something was refused, and the name of the field that it is about, if it is about one. */
export interface Refusal {
  says: string;
  field: string | undefined;
}

export function refusal(error: unknown): Refusal {
  const has = typeof error === 'object' && error !== null && 'field' in error;
  const field = has && typeof error.field === 'string' ? error.field : undefined;
  return { says: message(error), field };
}
