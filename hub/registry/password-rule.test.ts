/** Passwords that a guesser tries first are refused; what people may well choose is not. */
import { expect, test } from 'vitest';
import { passwordFault } from './password-rule.ts';

test.each([
  'kerbwatch-demo',
  'Kerbwatch-Demo',
  'kerbwatch2026',
  'aaaaaaaaaaaa',
  'abababababab',
  '123456789012',
  '210987654321',
  'abcdefghijklm',
  'passwordpassword',
  'Password 123456',
  'qwertyuiopas',
  'admin-admin-admin',
  'chen.min-chen.min',
  'chen.min2026',
  'changeme123456',
  '123456password',
  'P@ssw0rd2026',
  'P@$$w0rd!!!!',
  'Pässwörd 2026',
  '2026 kerbwatch!',
  'ｋｅｒｂｗａｔｃｈ２０２６',
  'k3rbw4tch-2026',
  'Ch3n.M1n2026',
  '            ',
])('%s is refused', (password) => {
  expect(passwordFault('chen.min', password)).not.toBeNull();
});

test.each([
  'a password for tests',
  'a password of a node',
  'correct shop front 7',
  '值班室的窗外有一棵老榕树呢',
  'fengze1987harbour!',
  'Zk9_vQ2-mLr8xT',
  'demonstration day',
])('%s is accepted', (password) => {
  expect(passwordFault('chen.min', password)).toBeNull();
});
