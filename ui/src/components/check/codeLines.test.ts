import { expect, it } from 'vitest';
import { codeLines } from './codeLines';

const of = (code: string, language: string, marked: [number, number][] = []) =>
  codeLines(code, marked, language).map(({ marked: m, comment }) => `${m ? '+' : ''}${comment ? '#' : ''}`);

it('marks the lines of the topic, from 1, both ends too', () => {
  expect(of('a\nb\nc\nd\n', 'node', [[2, 3]])).toEqual(['', '+', '+', '']);
});

it.each([
  ['node', '// a\nb // c\n* d', ['#', '', '#']],
  ['python-flask', '# a\n// b', ['#', '']],
  ['rust', '#[derive(Debug)]\n// a\n#![allow()]', ['', '#', '']],
  ['php', '<?php\n# a', ['', '#']],
])('comments of %s', (language, code, expected) => {
  expect(of(code, language)).toEqual(expected);
});
