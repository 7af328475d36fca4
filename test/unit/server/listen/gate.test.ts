import assert from 'node:assert/strict';
import { capabilityToken } from '../../../../src/server/auth/bearer';
import {
  isLoopbackAddress,
  authorize,
  type GateRequest,
  type GateRules,
} from '../../../../src/server/listen/gate';
import { newToken, sha256 } from '../../../../src/server/auth/token';

const TOKEN = newToken();
const UPGRADE = {
  host: '127.0.0.1:4500',
  connection: 'keep-alive, Upgrade',
  upgrade: 'WebSocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};
type Change = Partial<Omit<GateRequest, 'headers'>> & {
  headers?: Record<string, string | readonly string[] | undefined>;
};

async function ask(change: Change, rules: Partial<GateRules> = {}): Promise<string> {
  const request = { remoteAddress: '127.0.0.1', method: 'GET', url: `/${TOKEN}`, ...change };
  const access = { type: 'token', token: TOKEN } as const;
  const headers = Object.entries({ ...UPGRADE, ...change.headers }).map(
    ([name, value]) => [name, typeof value === 'string' ? [value] : value] as const,
  );
  const verdict = await authorize(
    { ...request, headers: Object.fromEntries(headers) },
    { port: 4500, isPublic: false, access, ...rules },
  );
  return typeof verdict === 'string' ? verdict : `${verdict.status} ${verdict.body}`.trim();
}

const host = (value: string | undefined, more: Change = {}): Change => ({
  headers: { host: value },
  ...more,
});
const auth = (authorization: string, url = '/'): Change => ({ url, headers: { authorization } });

describe('the gate with a token', () => {
  const cases: [string, Change, string][] = [
    ['token in the path', {}, 'upgrade'],
    ['with a query', { url: `/${TOKEN}?a=b` }, 'upgrade'],
    ['bearer', auth(`Bearer ${TOKEN}`), 'upgrade'],
    ['bearer in other letters, padded', auth(`  bEARER \t ${TOKEN}  `), 'upgrade'],
    ['nothing', { url: '/' }, '401 missing websocket bearer token'],
    ['basic', auth(`Basic ${TOKEN}`), '401 invalid authorization header'],
    ['no scheme', auth(TOKEN), '401 invalid authorization header'],
    ['wrong bearer', auth('Bearer x'), '401 invalid websocket bearer token'],
    ['wrong path', { url: '/x' }, '401 invalid websocket bearer token'],
    ['path with a slash more', { url: `/${TOKEN}/` }, '401 invalid websocket bearer token'],
    ['token in the query', { url: `/?${TOKEN}` }, '401 missing websocket bearer token'],
    ['bearer on another path', auth(`Bearer ${TOKEN}`, '/x'), '401 invalid websocket bearer token'],
    ['origin', { headers: { origin: 'http://127.0.0.1:4500' } }, '403'],
    ['empty origin', { headers: { origin: '' } }, '403'],
    ['two origins', { headers: { origin: ['', ''] } }, '403'],
    ['origin on a health path', { url: '/readyz', headers: { origin: 'null' } }, '403'],
    ['a peer from elsewhere', { remoteAddress: '192.168.0.7' }, '403'],
    ['a peer that is gone', { remoteAddress: undefined }, '403'],
    ['foreign host', host('evil.example:4500'), '403'],
    ['foreign host that begins well', host('127.0.0.1.evil.example:4500'), '403'],
    ['other port', host('127.0.0.1:4501'), '403'],
    ['no port', host('localhost'), '403'],
    ['no host', host(undefined), '403'],
    ['two hosts', { headers: { host: ['127.0.0.1:4500', 'evil.example:4500'] } }, '403'],
    [
      'two bearers',
      { url: '/', headers: { authorization: [`Bearer ${TOKEN}`, 'Bearer x'] } },
      '401 invalid authorization header',
    ],
    [
      'two keys',
      { headers: { 'sec-websocket-key': [UPGRADE['sec-websocket-key'], ''] } },
      '400 sec-websocket-key is missing or invalid',
    ],
    ['connection in two fields', { headers: { connection: ['keep-alive', 'Upgrade'] } }, 'upgrade'],
    ['user in host', host('x@127.0.0.1:4500'), '403'],
    ['localhost', host('LocalHost:4500'), 'upgrade'],
    ['IPv6', host('[::1]:4500'), 'upgrade'],
    ['another loopback literal', host('127.1.2.3:4500'), 'upgrade'],
    ['ready', { url: '/readyz' }, '200'],
    ['ready, HEAD, query', { url: '/readyz?x', method: 'HEAD' }, '200'],
    ['health', { url: '/healthz' }, '200'],
    ['ready, POST', { url: '/readyz', method: 'POST' }, '405'],
    ['POST with token', { method: 'POST' }, '405 method not allowed'],
    ['POST without token', { url: '/', method: 'POST' }, '401 missing websocket bearer token'],
    ['no upgrade', { headers: { upgrade: undefined } }, '400 this is a WebSocket endpoint'],
    ['upgrade to something else', { headers: { upgrade: 'h2c' } }, '400 this is a WebSocket endpoint'],
    ['upgrade not in connection', { headers: { connection: 'close' } }, '400 this is a WebSocket endpoint'],
    ['old version', { headers: { 'sec-websocket-version': '8' } }, '400 sec-websocket-version must be 13'],
    [
      'no key',
      { headers: { 'sec-websocket-key': undefined } },
      '400 sec-websocket-key is missing or invalid',
    ],
  ];
  for (const [name, change, expected] of cases)
    it(name, async () => assert.equal(await ask(change), expected));
});

describe('the gate without a token', () => {
  const cases: [string, Change, string][] = [
    ['/', { url: '/' }, 'upgrade'],
    ['/?x', { url: '/?x' }, 'upgrade'],
    ['another path', { url: '/x' }, '404 not found'],
    ['two slashes', { url: '//' }, '404 not found'],
    ['an absolute URL', { url: 'http://127.0.0.1:4500/' }, '404 not found'],
    ['any Authorization', auth('Basic x'), 'upgrade'],
    ['origin', { url: '/', headers: { origin: 'x' } }, '403'],
    ['foreign host', host('evil.example:4500', { url: '/' }), '403'],
  ];
  for (const [name, change, expected] of cases) {
    const fromElsewhere = { remoteAddress: '::1', ...change };
    it(name, async () => assert.equal(await ask(fromElsewhere, { access: { type: 'none' } }), expected));
  }
});

describe('the gate with a bearer token of the reference’s kind', () => {
  const check = capabilityToken(sha256('tok'));
  const rules = { access: { type: 'bearer', check } } as const;
  const cases: [string, Change, string][] = [
    ['good', auth('Bearer tok'), 'upgrade'],
    ['with a query', auth('Bearer tok', '/?x'), 'upgrade'],
    ['nothing', { url: '/' }, '401 missing websocket bearer token'],
    ['no space after the scheme', auth('Bearer\ttok'), '401 invalid authorization header'],
    ['wrong', auth('Bearer tok2'), '401 invalid websocket bearer token'],
    ['its digest', auth(`Bearer ${sha256('tok').toString('hex')}`), '401 invalid websocket bearer token'],
    ['another path comes before the token', { url: '/tok' }, '404 not found'],
    ['the method comes before the token', { url: '/', method: 'POST' }, '405 method not allowed'],
    [
      'the upgrade comes before the token',
      { url: '/', headers: { upgrade: undefined } },
      '400 this is a WebSocket endpoint',
    ],
    ['a peer from elsewhere', { ...auth('Bearer tok'), remoteAddress: '192.168.0.7' }, '403'],
    ['foreign host', { url: '/', headers: { authorization: 'Bearer tok', host: 'x:4500' } }, '403'],
  ];
  for (const [name, change, expected] of cases)
    it(name, async () => assert.equal(await ask(change, rules), expected));

  const elsewhere = { url: '/', remoteAddress: '192.168.0.7' };
  const known = { host: 'build.example', authorization: 'Bearer tok' };
  const open: [string, Change, string][] = [
    ['a peer from elsewhere, by any name', { ...elsewhere, headers: known }, 'upgrade'],
    [
      'without a token',
      { ...elsewhere, headers: { host: 'build.example' } },
      '401 missing websocket bearer token',
    ],
    ['origin', { ...elsewhere, headers: { ...known, origin: 'http://build.example' } }, '403'],
  ];
  for (const [name, change, expected] of open) {
    it(`on a public address: ${name}`, async () =>
      assert.equal(await ask(change, { ...rules, isPublic: true }), expected));
  }
});

describe('tokens and addresses', () => {
  it('a token has 256 bits and is new each time', () => {
    assert.match(TOKEN, /^[\w-]{43}$/);
    assert.notEqual(newToken(), TOKEN);
  });

  it('knows loopback addresses', () => {
    for (const address of ['127.0.0.1', '127.255.0.9', '::1', '::ffff:127.0.0.1'])
      assert.equal(isLoopbackAddress(address), true, address);
    for (const address of ['0.0.0.0', '::', '10.0.0.1', '::ffff:10.0.0.1', '127.0.0.1.x', '', undefined])
      assert.equal(isLoopbackAddress(address), false, address);
  });
});

describe('the gate before another protocol', () => {
  const rules = { doors: ['/mcp'] };
  const cases: [string, Change, string, Partial<GateRules>?][] = [
    ['with the token in its header', auth(`Bearer ${TOKEN}`, '/mcp'), 'door'],
    ['with a query', auth(`Bearer ${TOKEN}`, '/mcp?a=b'), 'door'],
    ['for any method', { ...auth(`Bearer ${TOKEN}`, '/mcp'), method: 'DELETE' }, 'door'],
    ['without auth where none is asked for', { url: '/mcp' }, 'door', { access: { type: 'none' } }],
  ];
  for (const [title, change, answer, more] of cases)
    it(title, async () => assert.equal(await ask(change, { ...rules, ...more }), answer));
  it('refuses everything else', async () => {
    assert.match(await ask({ url: '/mcp' }, rules), /^401/);
    assert.match(await ask(auth('Bearer wrong', '/mcp'), rules), /^401/);
    assert.match(await ask(auth(`Bearer ${TOKEN}`, '/mcp/'), rules), /^401/);
    assert.match(await ask(auth(`Bearer ${TOKEN}`, '/mcp')), /^401/);
    const fromPage = { authorization: `Bearer ${TOKEN}`, origin: 'http://127.0.0.1:4500' };
    assert.equal(await ask({ url: '/mcp', headers: fromPage }, rules), '403');
  });
});
