import { expect, test } from 'vitest';
import { createNodeKey } from '../../platform/signing.ts';
import { createLinkTokens, hashOfToken } from './link-token.ts';

test('what is kept of a token is its hash and a seal that its root alone opens', () => {
  const root = createNodeKey().privateKey;
  const tokens = createLinkTokens(root);
  const kept = tokens.make();
  const token = tokens.open(kept.token_sealed) ?? '';
  expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(kept.token).toBe(hashOfToken(token));
  expect(JSON.stringify(kept)).not.toContain(token);
  expect(createLinkTokens(root).open(kept.token_sealed)).toBe(token);
  expect(createLinkTokens(createNodeKey().privateKey).open(kept.token_sealed)).toBeNull();
  for (const broken of [null, '', 'x', kept.token_sealed.slice(1), `${kept.token_sealed.slice(0, -4)}AAAA`]) {
    expect(tokens.open(broken)).toBeNull();
  }
  expect(tokens.make().token).not.toBe(kept.token);
});
