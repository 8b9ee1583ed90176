import type { Target } from './bindings/Target';

/** The provider that is built in. */
export const PRACTICE = 'practice';

/** Whether it is answered by Practice: offline, and free. */
export const isPractice = ({ provider }: { provider: string }): boolean => provider === PRACTICE;

/** Whether two ask the same model at the same place. */
export const isSame = (one: Target, other: Target): boolean =>
  one.provider === other.provider && one.model === other.model && one.base_url === other.base_url;
