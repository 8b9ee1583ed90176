import type { Chat } from '../bindings/Chat';
import type { Header } from '../bindings/Header';
import type { ReplyAnatomy } from '../bindings/ReplyAnatomy';
import type { Rosetta } from '../bindings/Rosetta';
import type { RosettaCell } from '../bindings/RosettaCell';
import type { RosettaColumn } from '../bindings/RosettaColumn';
import type { RosettaRow } from '../bindings/RosettaRow';
import type { Target } from '../bindings/Target';

/** Two ways to write a chat: `top` has the system text beside the messages and needs a limit. */
const TOP = new Set(['anthropic', 'gemini']);

function column(chat: Chat, target: Target): RosettaColumn {
  const dialect = target.dialect ?? 'openai-chat';
  const isTop = TOP.has(dialect);
  const system = chat.messages.find(({ role }) => role === 'system');
  const messages = isTop ? chat.messages.filter((it) => it !== system) : chat.messages;
  const { max_tokens, temperature } = chat.parameters;
  const limit = isTop ? { max_tokens: max_tokens ?? 4096 } : max_tokens && { max_tokens };
  const body = {
    model: target.model,
    ...(isTop && system && { system: system.text }),
    messages: messages.map(({ role, text }) => ({ role, content: text })),
    ...limit,
    ...(temperature !== null && !isTop && { temperature }),
  };
  const key: Header = { name: isTop ? 'x-api-key' : 'authorization', value: '••••' };
  const place = (index: number) => {
    const message = chat.messages[index];
    if (isTop && message === system) return '/system';
    return `/messages/${message ? messages.indexOf(message) : 0}`;
  };
  return {
    ...{ target, dialect, name: isTop ? 'Anthropic Messages' : 'Chat Completions' },
    request: {
      method: 'POST',
      url: 'http://127.0.0.1:1/v1/chat',
      headers: [key],
      body: JSON.stringify(body, null, 2),
    },
    address: [{ text: 'http://127.0.0.1:1/v1/chat', meaning: 'address' }],
    headers: [{ name: key.name, meaning: 'key' }],
    parts: [
      { pointer: '/model', meaning: 'model', unasked: false },
      ...chat.messages.map((_, index) => ({
        ...{ pointer: place(index), meaning: `message.${index}`, unasked: false },
      })),
      ...('max_tokens' in body
        ? [{ pointer: '/max_tokens', meaning: 'control.max_tokens', unasked: max_tokens === null }]
        : []),
      ...('temperature' in body
        ? [{ pointer: '/temperature', meaning: 'control.temperature', unasked: false }]
        : []),
    ],
  };
}

/** A chat in several formats, as far as a page needs it to be drawn. */
export function fakeRosetta(chat: Chat, targets: Target[]): Rosetta {
  const columns = targets.map((target) => column(chat, target));
  const row = (
    meaning: string,
    kind: RosettaRow['kind'],
    name: string,
    cell: (column: RosettaColumn) => RosettaCell,
  ): RosettaRow => {
    const cells = columns.map(cell);
    const differs = new Set(cells.map(({ place }) => place)).size > 1;
    return { meaning, kind, name, says: `${name}, in a sentence.`, differs, cells };
  };
  const here = (place: string): RosettaCell => ({ state: 'here', place, says: `It is ${place}.` });
  const isTop = ({ dialect }: RosettaColumn) => TOP.has(dialect);
  const none: RosettaCell = { state: 'none', place: null, says: 'This format has no such field.' };
  const unset: RosettaCell = { state: 'unset', place: 'max_tokens', says: 'Nothing is sent.' };
  const has = (meaning: string) =>
    columns.some(({ parts }) => parts.some((it) => it.meaning === meaning));
  const rows = [
    row('address', 'address', 'Address', () => here('address')),
    row('key', 'key', 'Key', (it) => here(isTop(it) ? 'header x-api-key' : 'header authorization')),
    row('model', 'model', 'Model', () => here('model')),
    ...chat.messages.map(({ role }, index) =>
      role === 'system'
        ? row('message.0', 'system', 'System', (it) =>
            here(isTop(it) ? 'system' : `messages[${index}]`),
          )
        : row(`message.${index}`, 'message', `Message ${index}`, (it) =>
            here(`messages[${isTop(it) ? index - 1 : index}]`),
          ),
    ),
    row('control.max_tokens', 'control', 'Max tokens', (it) =>
      it.parts.some(({ meaning }) => meaning === 'control.max_tokens') ? here('max_tokens') : unset,
    ),
    row('control.temperature', 'control', 'Temperature', (it) =>
      isTop(it) ? none : here('temperature'),
    ),
  ];
  const isControl = (meaning: string) => meaning.startsWith('control.');
  return { columns, rows: rows.filter(({ meaning }) => !isControl(meaning) || has(meaning)) };
}

/** A reply in one frame. */
export function fakeAnatomy(dialect: string): ReplyAnatomy {
  const word = TOP.has(dialect) ? 'model' : 'assistant';
  const text = JSON.stringify({ role: word, text: 'Sunlight scatters.' });
  return {
    ...{ dialect, name: dialect, streamed: true, more: 0 },
    frames: [
      {
        ...{ first: 0, count: 3, text, event: null, cut: false },
        parts: [
          { pointer: '/role', meaning: 'role' },
          { pointer: '/text', meaning: 'text' },
        ],
      },
    ],
    rows: [
      {
        ...{
          meaning: 'role',
          kind: 'role',
          name: 'Role',
          says: `The assistant is called ${word}.`,
          state: 'here',
        },
        ...{ place: 'role', frame: 0, pointer: '/role', value: word },
      },
      {
        ...{ meaning: 'text', kind: 'other', name: 'Text', says: 'What it says.', state: 'here' },
        ...{ place: 'text', frame: 0, pointer: '/text', value: 'Sunlight scatters.' },
      },
      {
        ...{
          meaning: 'reasoning',
          kind: 'other',
          name: 'Reasoning',
          says: 'It has no such field.',
          state: 'none',
        },
        ...{ place: null, frame: null, pointer: null, value: null },
      },
    ],
  };
}
