/** What is wrong with a text that should be JSON, in the words of the page's own reader. */
export function jsonProblem(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^JSON Parse error: /, '') : '';
    return `This is not JSON${why && `: ${why}`}. It can still be sent, to see what the server says.`;
  }
}

export type JsonPart = { text: string; kind: 'key' | 'string' | 'number' | 'word' | 'punctuation' };

const PART = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*)|\b(true|false|null)\b|[^"\d\w-]+|./g;

/** A line of JSON in its coloured parts, whose texts join back into the line. */
export function parts(line: string): JsonPart[] {
  const found: JsonPart[] = [];
  for (const match of line.matchAll(PART)) {
    const [all, string, colon, number, word] = match;
    if (string !== undefined) {
      found.push({ text: string, kind: colon === undefined ? 'string' : 'key' });
      if (colon !== undefined) found.push({ text: colon, kind: 'punctuation' });
    } else {
      const kind = number !== undefined ? 'number' : word !== undefined ? 'word' : 'punctuation';
      found.push({ text: all, kind });
    }
  }
  return found;
}
