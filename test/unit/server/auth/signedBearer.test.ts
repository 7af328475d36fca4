import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { signedBearer } from '../../../../src/server/auth/signedBearer';

const INVALID = 'invalid websocket jwt';
const secret = randomBytes(32);
const check = signedBearer(secret, { maxClockSkewSeconds: 30 });

/** Signs any bytes as the claims. */
function sign(claims: string | Buffer, header: object = { alg: 'HS256' }): string {
  const parts = [Buffer.from(JSON.stringify(header)), Buffer.from(claims)];
  const text = parts.map((part) => part.toString('base64url')).join('.');
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

const GOOD = JSON.stringify({ exp: Math.floor(Date.now() / 1000) + 86_400 });

describe('signed bearer tokens', () => {
  it('are taken with a good signature', async () => {
    assert.equal(await check(sign(GOOD)), undefined);
  });

  it('are refused, never thrown at, whatever they are', async () => {
    const anything = fc.oneof(
      fc.string(),
      fc.array(fc.base64String(), { size: 'small' }).map((parts) => parts.join('.')),
    );
    await fc.assert(fc.asyncProperty(anything, async (token) => assert.equal(await check(token), INVALID)));
  });

  it('are refused when one character of them is another', async () => {
    const token = sign(GOOD);
    // The last character of the signature has bits that count for nothing.
    for (let at = 0; at < token.length - 1; at++) {
      const other = token[at] === 'A' ? 'B' : 'A';
      assert.equal(await check(`${token.slice(0, at)}${other}${token.slice(at + 1)}`), INVALID, String(at));
    }
  });

  it('are refused when the claims are no JSON, or not UTF-8', async () => {
    for (const claims of ['', 'x', `${GOOD}x`, `\ufeff${GOOD}`, Buffer.from([0x22, 0xff, 0x22])])
      assert.equal(await check(sign(claims)), INVALID, String(claims));
  });

  it('are refused when the header asks for what we do not know', async () => {
    assert.equal(await check(sign(GOOD, { alg: 'HS256', crit: ['x'], x: 1 })), INVALID);
    assert.equal(await check(sign(GOOD, { alg: 'HS256', b64: false, crit: ['b64'] })), INVALID);
  });
});
