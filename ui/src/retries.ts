import type { Policy } from './bindings/Policy';

/** What the official SDKs do; Rust has the same in `retry.rs`. */
export const DEFAULT_RETRIES: Policy = {
  retries: 2,
  base_ms: 500,
  cap_ms: 8000,
  jitter: 0.25,
  statuses: [408, 409, 429],
  server_errors: true,
  honour_hints: true,
};

/** The waits of a policy in seconds, where no server asks for another and chance takes nothing. */
export function waits({ retries, base_ms, cap_ms }: Policy): number[] {
  return Array.from({ length: retries }, (_, index) =>
    Number((Math.min(base_ms * 2 ** index, cap_ms) / 1000).toFixed(2)),
  );
}
