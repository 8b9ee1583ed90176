import { expect, test } from 'vitest';
import { codeParts } from './code';

const PROGRAMS: [string, string, string[], string[]][] = [
  [
    'curl',
    `curl 'a' -H "k: $K" '{"b": "it'\\''s"}'`,
    [`'a'`, `"k: $K"`, `'{"b": "it'\\''s"}'`],
    [],
  ],
  [
    'python-httpx',
    'b = r"""{"a": "\\""}"""  # why\nx = "#"',
    ['r"""{"a": "\\""}"""', '"#"'],
    ['# why'],
  ],
  ['javascript-fetch', 'f(`a\\`//b`); // why\ng("//")', ['`a\\`//b`', '"//"'], ['// why']],
  [
    'rust',
    `let a = r##"{"b"#}"##; // why\nprint!("{}", '"')`,
    [`r##"{"b"#}"##`, '"{}"', `'"'`],
    ['// why'],
  ],
  ['cobol', 'DISPLAY "A".', [], []],
];

test('texts and remarks are told from code, and nothing is lost', () => {
  for (const [language, code, texts, remarks] of PROGRAMS) {
    const parts = codeParts(code, language);
    const of = (kind: string) => parts.filter((it) => it.kind === kind).map((it) => it.text);
    expect(parts.map(({ text }) => text).join(''), language).toBe(code);
    expect(of('text'), language).toEqual(texts);
    expect(of('remark'), language).toEqual(remarks);
  }
});

test('a megabyte of escapes is one text', () => {
  const body = '\\"\\\\a'.repeat(200_000);
  for (const [language, literal] of [
    ['python', `"${body}"`],
    ['python', `r"""${body}"""`],
    ['javascript', `\`${body}\``],
    ['rust', `r#"${body}"#`],
    ['curl', `'${body}'`],
  ] as const)
    expect(codeParts(literal, language), language).toEqual([{ kind: 'text', text: literal }]);
});
