import assert from 'node:assert/strict';
import { judgeClaims } from '../../../../src/server/auth/claims';

const NOW = 1_000_000;
const rules = { maxClockSkewSeconds: 30 };

describe('the claims of a signed token', () => {
  it('hold up to the second in which the clocks may differ', () => {
    assert.equal(judgeClaims({ exp: NOW - 30 }, rules, NOW), undefined);
    assert.equal(judgeClaims({ exp: NOW - 31 }, rules, NOW), 'expired websocket jwt');
    assert.equal(judgeClaims({ exp: NOW, nbf: NOW + 30 }, rules, NOW), undefined);
    assert.equal(judgeClaims({ exp: NOW, nbf: NOW + 31 }, rules, NOW), 'websocket jwt is not valid yet');
  });

  it('may lie at the ends of time', () => {
    assert.equal(judgeClaims({ exp: 9e18, nbf: -9e18 }, rules, NOW), undefined);
    assert.equal(judgeClaims({ exp: -9e18 }, rules, NOW), 'expired websocket jwt');
    for (const exp of [Infinity, NaN, 1.5])
      assert.equal(judgeClaims({ exp }, rules, NOW), 'invalid websocket jwt');
  });

  it('must be an object of the right members, whatever the rules', () => {
    const exp = NOW + 60;
    for (const claims of [null, 'x', 5, [], {}, { exp: null }, { exp, iss: {} }, { exp, aud: { a: 1 } }])
      assert.equal(judgeClaims(claims, rules, NOW), 'invalid websocket jwt', JSON.stringify(claims));
    for (const claims of [
      { exp, iss: null, aud: null, nbf: null },
      { exp, sub: 5, more: [] },
    ])
      assert.equal(judgeClaims(claims, rules, NOW), undefined, JSON.stringify(claims));
  });
});
