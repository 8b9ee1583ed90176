import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

/** The walls of the page: see DESIGN.md. */
const wall = (files, ignores, patterns) => ({
  files,
  ignores,
  rules: { 'no-restricted-imports': ['error', { patterns }] },
});
const tauri = {
  group: ['@tauri-apps/*'],
  message: 'Only host/tauri.ts talks to Tauri; ask the Host.',
};
const app = {
  group: ['**/rooms/*', '**/lenses/*', '**/host/tauri', '**/play.svelte'],
  message: 'A part knows nothing of the app: give it data and callbacks.',
};

export default ts.config(
  { ignores: ['dist', 'src/bindings'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    rules: {
      'svelte/no-at-html-tags': 'error',
      'no-console': 'error',
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: ['**/*.test.ts'], rules: { 'max-lines-per-function': 'off' } },
  wall(['src/**'], ['src/host/tauri.ts'], [tauri]),
  wall(['src/parts/**'], [], [tauri, app]),
);
