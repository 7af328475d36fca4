import assert from 'node:assert/strict';
import type { HttpRequestParams } from '../../../src/http';
import { answering, Host, type RawServer, refused, reply, send } from './support';

const env = {
  MARK: 'vvv',
  UMLAUT: 'é',
  EMPTY: '',
  LINES: 'a\nb',
  OPENAI_API_KEY: 'k',
  azure_client_secret: 'k',
};

describe('http: what is sent', () => {
  let server: RawServer;
  beforeEach(async () => {
    server = await answering(reply(200, [], 'hi'));
  });

  /** The request as the server got it, with its host made short. */
  async function sent(params: Partial<HttpRequestParams>): Promise<string> {
    await send({ method: 'GET', url: server.url, ...params }, new Host(env));
    return (server.requests.pop() ?? '').replaceAll(`127.0.0.1:${server.port}`, 'HOST');
  }

  it('adds accept and host, and nothing else', async () => {
    assert.equal(await sent({}), 'GET / HTTP/1.1\r\naccept: */*\r\nhost: HOST\r\n\r\n');
  });

  it('sends a query, and no fragment', async () => {
    const url = `${server.url}/p?q=a b#part`;
    assert.match(await sent({ url }), /^GET \/p\?q=a%20b HTTP/);
  });

  it('sends methods as they are written', async () => {
    for (const method of ['get', 'Foo', 'M-SEARCH', 'post', 'PUT', 'DELETE', "!#$%&'*+-.^_`|~"]) {
      assert.equal(await sent({ method }), `${method} / HTTP/1.1\r\naccept: */*\r\nhost: HOST\r\n\r\n`);
    }
  });

  it('keeps the order of headers and all repeats', async () => {
    const headers = [
      ['X-B', '1'],
      ['X-b', '3'],
      ['Accept', 'text/x'],
      ['Host', 'other'],
      ['x-a', '  2 '],
      ['User-Agent', ''],
    ].map(([name, value]) => ({ name: name!, value: value! }));
    assert.equal(
      await sent({ headers }),
      'GET / HTTP/1.1\r\nx-b: 1\r\nx-b: 3\r\naccept: text/x\r\nhost: other\r\nx-a:   2 \r\nuser-agent: \r\n\r\n',
    );
  });

  it('sends values as UTF-8', async () => {
    assert.match(await sent({ headers: [{ name: 'a', value: 'é\tx' }] }), /\r\na: \xc3\xa9\tx\r\n/);
    const fromEnv = [{ name: 'a', value: '', valueEnvVar: 'UMLAUT' }];
    assert.match(await sent({ headers: fromEnv }), /\r\na: \xc3\xa9\r\n/);
  });

  it('sends bodies with any method, byte for byte', async () => {
    const body = Buffer.from([0, 255, 13, 10]);
    for (const method of ['POST', 'GET', 'x']) {
      assert.equal(
        await sent({ method, body }),
        `${method} / HTTP/1.1\r\naccept: */*\r\nhost: HOST\r\ncontent-length: 4\r\n\r\n\0\xff\r\n`,
      );
    }
    assert.doesNotMatch(await sent({ method: 'POST', body: Buffer.alloc(0) }), /length|encoding/);
  });

  it('leaves the framing to the client where it is right', async () => {
    const body = Buffer.from('hi');
    const length = [{ name: 'Content-Length', value: '2' }];
    assert.match(await sent({ method: 'POST', body, headers: length }), /HTTP\/1.1\r\ncontent-length: 2\r\n/);
    const chunked = [{ name: 'transfer-encoding', value: 'chunked' }];
    assert.match(await sent({ method: 'POST', body, headers: chunked }), /\r\n\r\n2\r\nhi\r\n0\r\n\r\n$/);
    assert.doesNotMatch(await sent({ headers: chunked }), /encoding/);
    const both = [...chunked, { name: 'content-length', value: '2' }];
    assert.doesNotMatch(await sent({ method: 'POST', body, headers: both }), /length/);
  });

  it('refuses framing that would be a lie', async () => {
    const lies: [name: string, value: string, message: string][] = [
      ['content-length', '3', 'content-length differs from the body'],
      ['content-length', 'x', 'content-length differs from the body'],
      ['transfer-encoding', 'gzip', 'transfer-encoding does not end in chunked'],
    ];
    for (const [name, value, message] of lies) {
      const body = Buffer.from('hi');
      const lie = send({ method: 'POST', url: server.url, body, headers: [{ name, value }] }, new Host(env));
      const text = `http/request failed: error sending request for url (${server.url}/): ${message}`;
      await refused(lie, 'failed', text);
    }
    assert.equal(server.requests.length, 0);
  });

  it('sends the body without waiting when it expects a go-ahead', async () => {
    const headers = [{ name: 'expect', value: '100-continue' }];
    assert.match(await sent({ method: 'POST', body: Buffer.from('hi'), headers }), /100-continue[^]+hi$/);
  });

  it('turns a name and password in the URL into authorization', async () => {
    const url = server.url.replace('//', '//user:pa%20ss@');
    const basic = Buffer.from('user:pa ss').toString('base64');
    assert.match(await sent({ url }), new RegExp(`\r\nauthorization: Basic ${basic}\r\n`));
    const headers = [{ name: 'Authorization', value: 'mine' }];
    assert.match(await sent({ url, headers }), /\r\nauthorization: mine\r\naccept/);
  });

  it('appends variables of the environment', async () => {
    assert.match(
      await sent({ headers: [{ name: 'A', value: 'pre ', valueEnvVar: 'MARK' }] }),
      /\r\na: pre vvv\r\n/,
    );
    assert.match(await sent({ headers: [{ name: 'A', value: 'x', valueEnvVar: null }] }), /\r\na: x\r\n/);
  });

  const cases: [name: string, headers: NonNullable<HttpRequestParams['headers']>, message: string][] = [
    ['an empty name', [{ name: '', value: '' }], 'header name is invalid: invalid HTTP header name'],
    ['a name with a space', [{ name: 'a b', value: '' }], 'header name is invalid: invalid HTTP header name'],
    ['a name beyond ASCII', [{ name: 'é', value: '' }], 'header name is invalid: invalid HTTP header name'],
    [
      'a line end in a value',
      [{ name: 'A', value: 'x\r\ny: z' }],
      'header value is invalid for A: failed to parse header value',
    ],
    [
      'a NUL in a value',
      [{ name: 'A', value: '\0' }],
      'header value is invalid for A: failed to parse header value',
    ],
    [
      'a DEL in a value',
      [{ name: 'A', value: '\x7f' }],
      'header value is invalid for A: failed to parse header value',
    ],
    [
      'a line end in a variable',
      [{ name: 'A', value: '', valueEnvVar: 'LINES' }],
      'header value is invalid for A: failed to parse header value',
    ],
    [
      'a missing variable',
      [{ name: 'A', value: '', valueEnvVar: 'NONE' }],
      'header A requires executor environment variable NONE',
    ],
    [
      'a variable in other letters',
      [{ name: 'A', value: '', valueEnvVar: 'mark' }],
      'header A requires executor environment variable mark',
    ],
    [
      'what objects inherit',
      [{ name: 'A', value: '', valueEnvVar: 'toString' }],
      'header A requires executor environment variable toString',
    ],
    [
      'an empty variable',
      [{ name: 'A', value: 'x', valueEnvVar: 'EMPTY' }],
      'header A requires a non-empty executor environment variable EMPTY',
    ],
    [
      'a protected variable',
      [{ name: 'A', value: '', valueEnvVar: 'OpenAI_API_key' }],
      'header A cannot use executor environment variable OpenAI_API_key',
    ],
    [
      'a protected variable in the environment’s letters',
      [{ name: 'A', value: '', valueEnvVar: 'azure_client_secret' }],
      'header A cannot use executor environment variable azure_client_secret',
    ],
    [
      'a protected variable that is missing',
      [{ name: 'A', value: '', valueEnvVar: 'AWS_SESSION_TOKEN' }],
      'header A cannot use executor environment variable AWS_SESSION_TOKEN',
    ],
  ];
  for (const [name, headers, message] of cases) {
    it(`refuses ${name}`, async () => {
      await refused(
        send({ method: 'GET', url: server.url, headers }, new Host(env)),
        'invalid',
        `http/request ${message}`,
      );
      assert.equal(server.requests.length, 0);
    });
  }

  it('refuses methods that are no tokens', async () => {
    for (const method of ['', 'G T', 'é', 'G\nT', 'A:']) {
      const message = 'http/request method is invalid: invalid HTTP method';
      await refused(send({ method, url: server.url }, new Host(env)), 'invalid', message);
    }
  });

  const urls: [url: string, message: string][] = [
    ['', 'url is invalid: relative URL without a base'],
    ['/x', 'url is invalid: relative URL without a base'],
    ['host/x', 'url is invalid: relative URL without a base'],
    ['http://', 'url is invalid: empty host'],
    ['http://u:p@/', 'url is invalid: empty host'],
    ['http://[::1', 'url is invalid: invalid IPv6 address'],
    ['http://[::g]:80/', 'url is invalid: invalid IPv6 address'],
    ['http://h:99999/', 'url is invalid: invalid port number'],
    ['http://[::1]:x/', 'url is invalid: invalid port number'],
    ['http://1.2.3.4.5/', 'url is invalid: invalid IPv4 address'],
    ['http://a b/', 'url is invalid: invalid international domain name'],
    ['http://xn--/', 'url is invalid: invalid international domain name'],
    ['FTP://h/', 'only supports http and https URLs, got ftp'],
    ['file:///etc', 'only supports http and https URLs, got file'],
    ['data:,x', 'only supports http and https URLs, got data'],
  ];
  for (const [url, message] of urls) {
    it(`refuses the URL ${JSON.stringify(url)}`, async () => {
      await refused(send({ method: 'GET', url }, new Host(env)), 'invalid', `http/request ${message}`);
    });
  }
});
