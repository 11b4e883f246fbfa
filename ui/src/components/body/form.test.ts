import { expect, it } from 'vitest';
import { readForm } from './form';

const field = (name: string, value: string, problem: string | null = null): object => ({ name, value, problem });

it.each([
  ['order and duplicates', 'a=1&b=2&a=3', [field('a', '1'), field('b', '2'), field('a', '3')]],
  ['plus and percent', 'a+b=c%20d%2B', [field('a b', 'c d+')]],
  ['utf-8', 'n=%C3%A9%F0%9F%98%80', [field('n', 'é😀')]],
  ['an equals sign in the value', 'a=b=c', [field('a', 'b=c')]],
  ['empty value, empty name', 'a=&=b', [field('a', ''), field('', 'b')]],
  ['no equals sign', 'a', [field('a', '', 'There is no equals sign.')]],
  ['empty pairs are nothing', '&&a=1&', [field('a', '1')]],
  [
    'a broken escape stays',
    'a=100%&b=%zz',
    [
      field('a', '100%', 'A % is not followed by two hexadecimal digits.'),
      field('b', '%zz', 'A % is not followed by two hexadecimal digits.'),
    ],
  ],
  ['not utf-8', 'a=%ff', [field('a', '\ufffd', 'The escaped bytes are not UTF-8.')]],
  ['text beside escapes', 'a=é%21😀', [field('a', 'é!😀')]],
])('%s', (_name, text, fields) => {
  expect(readForm(text)).toEqual(fields);
});
