import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const shell = { group: ['@tauri-apps/*'], message: 'Only src/host talks to the shell.' };

export default ts.config(
  { ignores: ['dist', 'src/bindings'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  prettier,
  ...svelte.configs.prettier,
  {
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      'no-console': 'error',
      // Everything shown was sent by a stranger: text only, never HTML.
      'svelte/no-at-html-tags': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-imports': ['error', { patterns: [shell] }],
      // The visible control characters are the point of visible.ts.
      'no-control-regex': 'off',
      // Most maps and sets here are looked up, never shown; those that are shown are SvelteSet.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig, extraFileExtensions: ['.svelte'] } },
  },
  {
    files: ['src/state/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [shell, { group: ['**/components/**', '**/views/**'], message: 'The state knows no components.' }],
        },
      ],
    },
  },
  {
    files: ['src/components/shared/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [shell, { group: ['../**'], message: 'What is shared knows nothing of the domain.' }] },
      ],
    },
  },
  { files: ['src/host/**'], rules: { 'no-restricted-imports': 'off' } },
  { files: ['*.config.*'], languageOptions: { globals: { ...globals.node } } },
);
