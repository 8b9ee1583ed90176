/** A part of a program, and what it is, as far as colour goes. */
export interface CodePart {
  kind: 'plain' | 'text' | 'remark';
  text: string;
}

// Each goes through a text in one step up to its next escape: some are of a megabyte.
const QUOTED = /"[^"\\]*(?:\\[^][^"\\]*)*"/.source;
const TEMPLATE = /`[^`\\]*(?:\\[^][^`\\]*)*`/.source;

/** The literals of each language that can hold anything, and its remarks. */
const MARKED: Record<string, RegExp> = {
  curl: new RegExp(`(?<text>'[^']*'(?:\\\\''[^']*')*|${QUOTED})`, 'g'),
  python: new RegExp(`(?<text>r?"""[^]*?"""|f?${QUOTED})|(?<remark>#.*)`, 'g'),
  javascript: new RegExp(`(?<text>${TEMPLATE}|${QUOTED})|(?<remark>//.*)`, 'g'),
  rust: new RegExp(`(?<text>r(#+)"[^]*?"\\2|${QUOTED}|'.')|(?<remark>//.*)`, 'g'),
};

/** A program in parts. The language is the first word of its id, as in `python-sdk`. */
export function codeParts(code: string, language: string): CodePart[] {
  const marked = MARKED[language.split('-')[0] ?? ''];
  if (!marked) return [{ kind: 'plain', text: code }];
  const parts: CodePart[] = [];
  let end = 0;
  for (const match of code.matchAll(marked)) {
    if (match.index > end) parts.push({ kind: 'plain', text: code.slice(end, match.index) });
    parts.push({ kind: match.groups?.text === undefined ? 'remark' : 'text', text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < code.length) parts.push({ kind: 'plain', text: code.slice(end) });
  return parts;
}
