import type { TextBlock } from '../bindings/TextBlock';
import type { TextSpan } from '../bindings/TextSpan';

/** A text of a lesson without its looks. */
export function words(text: readonly TextBlock[]): string {
  return text.map(ofBlock).join(' ');
}

function ofBlock(block: TextBlock): string {
  if (block.type === 'code') return block.text;
  return block.type === 'paragraph' ? ofSpans(block.spans) : block.items.map(words).join(' ');
}

function ofSpans(spans: readonly TextSpan[]): string {
  return spans.map((span) => ('text' in span ? span.text : ofSpans(span.spans))).join('');
}
