import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser';

/** The parser's names for what is wrong, in words. */
const PROBLEMS: Record<string, string> = {
  InvalidSymbol: 'a text needs double quotes around it',
  InvalidNumberFormat: 'JSON has no such number',
  PropertyNameExpected: 'the name of a field is expected, in double quotes',
  ValueExpected: 'a value is expected',
  ColonExpected: 'a colon is missing after the name',
  CommaExpected: 'a comma is missing',
  CloseBraceExpected: 'the closing } is missing',
  CloseBracketExpected: 'the closing ] is missing',
  EndOfFileExpected: 'the JSON is over, and more follows',
  InvalidCommentToken: 'JSON has no comments',
  UnexpectedEndOfComment: 'JSON has no comments',
  UnexpectedEndOfString: 'the closing double quote is missing',
  UnexpectedEndOfNumber: 'a number is not finished',
  InvalidUnicode: 'four hexadecimal digits are expected after \\u',
  InvalidEscapeCharacter: 'JSON has no such escape after a backslash',
  InvalidCharacter: 'a character that a text cannot hold as it is, such as a line break',
};

/** What is wrong with a text that should be JSON, and where. */
export function jsonProblem(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    const errors: ParseError[] = [];
    parse(text, errors, { disallowComments: true });
    return `This is not JSON${jsonFault(text, errors[0])}. It can still be sent, to see what the server says.`;
  }
}

/** Where a fault is, and what it is: `. Line 1, column 8: a comma is missing`. */
export function jsonFault(text: string, error: ParseError | undefined): string {
  if (!error) return '';
  const before = text.slice(0, error.offset).split('\n');
  const why = PROBLEMS[printParseErrorCode(error.error)] ?? 'something is wrong here';
  return `. Line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: ${why}`;
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
