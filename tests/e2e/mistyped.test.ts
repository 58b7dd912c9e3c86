/** Commands mistyped: each says what is wrong, at once, before anything is started or asked for. */
import { expect, test } from 'vitest';
import { kerbwatch } from './stage.ts';

test.each([
  [['demo', '--port', 'abc'], 'a number from 0 to 65535'],
  [['demo', '--port', '99999'], 'a number from 0 to 65535'],
  [['demo', '--port', ''], 'a number from 0 to 65535'],
  [['demo', '--json'], '--json goes with --once'],
])('%j is refused in words', (args, words) => {
  const { status, stderr, stdout } = kerbwatch(args);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain(words);
});

test('a password is not asked for where the address or the authority is wrong', () => {
  // The password would fail first, were it read.
  const list = (...args: string[]) => kerbwatch(['node', 'list', '--password', 'env:NOT_SET', ...args]);
  expect(list('--hub', 'hub.example:8443').stderr).toContain('no address like https://hub.example');
  expect(list('--hub', 'https://127.0.0.1:1', '--ca', 'nosuch.crt').stderr).toContain('--ca nosuch.crt: ENOENT');
  expect(list('--hub', 'https://127.0.0.1:1').stderr).toContain('NOT_SET');
});
