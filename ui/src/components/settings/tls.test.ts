import { expect, it } from 'vitest';
import { trustCommand } from './tls';

it.each([
  ['/home/a/countersign-tls/cert.pem', '/home/a/countersign-tls/cert.pem'],
  ['/Users/a/Application Support/cert.pem', "'/Users/a/Application Support/cert.pem'"],
  ["/it's/cert.pem", String.raw`'/it'\''s/cert.pem'`],
])('the path %j is one word', (path, word) => {
  expect(trustCommand(path, 'https://127.0.0.1:4400')).toBe(`curl --cacert ${word} -d test https://127.0.0.1:4400`);
});
