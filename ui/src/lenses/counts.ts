import type { EncodingInfo } from '../bindings/EncodingInfo';
import type { PromptTokens } from '../bindings/PromptTokens';
import type { Run } from '../run.svelte';
import { count } from '../text';

/** Our own count of a text beside the one that is billed, and why they differ. */
export interface Counts {
  ours: number;
  billed: number;
  why: string;
}

/** The reply: our cut of its text, and the output tokens of the bill. */
export function replyCounts(
  ours: number,
  run: Run,
  encoding: EncodingInfo | undefined,
): Counts | undefined {
  const billed = run.usage?.output_tokens;
  if (billed == null) return undefined;
  if (billed === ours) return { ours, billed, why: 'They agree.' };
  const reasons: string[] = [];
  const hidden = run.usage?.reasoning_tokens ?? 0;
  if (hidden > 0)
    reasons.push(`${count(hidden)} were spent on reasoning, which is no part of the text`);
  if (run.others.length > 0) reasons.push('the other replies to this prompt are billed too');
  if (run.toolCalls.length > 0) reasons.push('calls of tools are billed too');
  if (run.reasoning && hidden === 0) reasons.push('its reasoning is billed with it');
  if (encoding?.exact === false) reasons.push(sentence(encoding));
  if (reasons.length === 0)
    reasons.push(
      'marks around the text are billed too, and a model may draw a word in other tokens than a tokenizer would cut it',
    );
  return { ours, billed, why: `${joined(reasons)}.` };
}

/** The prompt: our count of its messages and their marks, and the input tokens of the bill. */
export function promptCounts(
  tokens: PromptTokens,
  encoding: EncodingInfo,
  run: Run,
): Counts | undefined {
  const billed = run.usage?.input_tokens;
  if (billed == null) return undefined;
  const ours = tokens.total;
  if (billed === ours) return { ours, billed, why: 'They agree.' };
  const reasons: string[] = [];
  if (!encoding.exact) reasons.push(sentence(encoding));
  if (!tokens.overhead_known)
    reasons.push('how many tokens this model adds around messages is an estimate');
  if (reasons.length === 0)
    reasons.push('the provider adds text that is not in the messages, such as for a schema');
  return { ours, billed, why: `${joined(reasons)}.` };
}

const sentence = ({ id, reason }: EncodingInfo) =>
  reason?.replace(/\.$/, '') ?? `our count with ${id} is an estimate`;

/** Reasons in one sentence. */
function joined(reasons: readonly string[]): string {
  const all = reasons.join(', and ');
  return all.charAt(0).toUpperCase() + all.slice(1);
}
