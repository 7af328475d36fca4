import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { both, type Case } from './cases.js';
import { request, upgrade } from './rawHttp.js';
import type { Server } from './target.js';
import { answer, secretFile } from './wsAuth.js';

const text64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = (): number => Math.floor(Date.now() / 1000);

describe('signed bearer tokens', () => {
  const secret = randomBytes(24).toString('base64url');
  const sign = (claims: object, header: object = { alg: 'HS256', typ: 'JWT' }, key = secret): string => {
    const text = `${text64(header)}.${text64(claims)}`;
    return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
  };
  const signed = async (t: Case, ...more: string[]): Promise<Server> =>
    t.ownServer([
      '--ws-auth',
      'signed-bearer-token',
      '--ws-shared-secret-file',
      await secretFile(t, secret),
      ...more,
    ]);
  const judged = async (server: Server, token: string): Promise<string> => {
    const text = await answer(server, `Bearer ${token}`);
    return text.replace(/^401 (websocket jwt |)/, '').replace(/ websocket jwt$/, '');
  };
  const good = (more: object = {}): object => ({ exp: now() + 60, ...more });

  both('ws-auth: HS256 with our secret, and nothing else', async (t) => {
    const server = await signed(t);
    assert.equal(await judged(server, sign(good())), '101');
    assert.equal(await judged(server, sign(good(), { alg: 'HS256', kid: 'k' })), '101');
    const unsigned = `${text64({ alg: 'none' })}.${text64(good())}.`;
    const [head = '', , signature = ''] = sign(good()).split('.');
    const bad: Record<string, string> = {
      'another secret': sign(good(), undefined, `${secret}x`),
      'alg none': unsigned,
      'alg none with a signature': sign(good(), { alg: 'none' }),
      'alg RS256': sign(good(), { alg: 'RS256' }),
      'alg HS512': sign(good(), { alg: 'HS512' }),
      'no alg': sign(good(), {}),
      'other claims': `${head}.${text64(good({ exp: now() + 1e6 }))}.${signature}`,
      'no signature': sign(good()).replace(/[^.]*$/, ''),
      'no JWT': 'abc',
      'nothing between the dots': '..',
      'the secret itself': secret,
      'claims that are no object': sign([1]),
      'padding behind the signature': `${sign(good())}=`,
      'padding behind the claims': sign(good()).replace(/\.([^.]*)\./, '.$1==.'),
      'a space in the signature': sign(good()).replace(/.$/, ' $&'),
    };
    for (const [what, token] of Object.entries(bad))
      assert.equal(await judged(server, token), 'invalid', what);
    assert.equal(await answer(server), '401 missing websocket bearer token');
    assert.equal(await answer(server, 'Basic x'), '401 invalid authorization header');
  });

  both('ws-auth: exp is required, nbf is honoured, clocks may differ by 30 s', async (t) => {
    const server = await signed(t);
    const cases: [string, object, string][] = [
      ['without exp', { iat: now() }, 'invalid'],
      ['exp as text', { exp: String(now() + 60) }, 'invalid'],
      ['exp with a fraction', { exp: now() + 60.5 }, 'invalid'],
      ['exp null', { exp: null }, 'invalid'],
      ['exp 10 s ago', { exp: now() - 10 }, '101'],
      ['exp 40 s ago', { exp: now() - 40 }, 'expired'],
      ['exp before 1970', { exp: -5 }, 'expired'],
      ['nbf in 20 s', good({ nbf: now() + 20 }), '101'],
      ['nbf in 100 s', good({ nbf: now() + 100 }), 'is not valid yet'],
      ['nbf as text', good({ nbf: 'x' }), 'invalid'],
      ['nbf null', good({ nbf: null }), '101'],
      ['iat in the future', good({ iat: now() + 1000 }), '101'],
      ['any iss and aud', good({ iss: 'x', aud: ['y'] }), '101'],
      ['iss as a number', good({ iss: 5 }), 'invalid'],
      ['aud with a number', good({ aud: ['a', 5] }), 'invalid'],
    ];
    for (const [what, claims, expected] of cases)
      assert.equal(await judged(server, sign(claims)), expected, what);
  });

  both('ws-auth: --ws-max-clock-skew-seconds sets the difference', async (t) => {
    const strict = await signed(t, '--ws-max-clock-skew-seconds', '0');
    assert.equal(await judged(strict, sign({ exp: now() - 2 })), 'expired');
    assert.equal(await judged(strict, sign(good({ nbf: now() + 20 }))), 'is not valid yet');
    const wide = await signed(t, '--ws-max-clock-skew-seconds', '500');
    assert.equal(await judged(wide, sign({ exp: now() - 400 })), '101');
    assert.equal(await judged(wide, sign({ exp: now() - 600 })), 'expired');
  });

  both('ws-auth: iss and aud are compared if configured, after the times', async (t) => {
    const server = await signed(t, '--ws-issuer', ' I ', '--ws-audience', 'A');
    const mine = { iss: 'I', aud: 'A' };
    const cases: [string, object, string][] = [
      ['both', good(mine), '101'],
      ['aud as a list', good({ ...mine, aud: ['B', 'A'] }), '101'],
      ['another iss', good({ ...mine, iss: 'J' }), 'issuer mismatch'],
      ['no iss', good({ aud: 'A' }), 'issuer mismatch'],
      ['another aud', good({ ...mine, aud: 'B' }), 'audience mismatch'],
      ['an empty list', good({ ...mine, aud: [] }), 'audience mismatch'],
      ['no aud', good({ iss: 'I' }), 'audience mismatch'],
      ['neither', good(), 'issuer mismatch'],
      ['all wrong', { exp: now() - 100, nbf: now() + 100, iss: 'J' }, 'expired'],
      ['too early, and neither', good({ nbf: now() + 100 }), 'is not valid yet'],
    ];
    for (const [what, claims, expected] of cases)
      assert.equal(await judged(server, sign(claims)), expected, what);
  });

  both('ws-auth: /readyz needs no token, Origin is refused with a good one', async (t) => {
    const server = await signed(t);
    assert.equal((await request(server, 'GET', '/readyz')).status, 200);
    const headers = { Authorization: `Bearer ${sign(good())}`, Origin: 'null' };
    assert.equal((await upgrade(server, '/', headers)).status, 403);
  });

  both('ws-auth: many at once are judged each for itself', async (t) => {
    const server = await signed(t);
    const tokens = Array.from({ length: 40 }, (_, i) =>
      sign(good(), undefined, i % 2 ? `${secret}x` : secret),
    );
    const answers = await Promise.all(tokens.map((token) => judged(server, token)));
    assert.deepEqual(
      answers,
      tokens.map((_, i) => (i % 2 ? 'invalid' : '101')),
    );
  });
});
