import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { createServer as createHttps } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { makeCertificates, type Certificates } from '../support/certificates.js';
import { both, type Case } from './cases.js';
import { rude } from './rudeServer.js';
import { bodyOf, get, listen, web } from './webServer.js';

/** A server that was started with these variables. */
const withEnv = (t: Case, env: Record<string, string>) =>
  t.ownServer([], ['env', ...Object.entries(env).map(([name, value]) => `${name}=${value}`)]);

/** What a proxy was asked, by their first lines and the credentials. */
async function proxy(t: Case, port = 0): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = [];
  const url = await rude(t, (socket, head) => {
    const [line = ''] = head.split('\r\n');
    seen.push(`${line}|${/^proxy-authorization: (.*)\r$/im.exec(head)?.[1] ?? ''}`);
    if (!line.startsWith('CONNECT')) {
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\nproxied');
      return;
    }
    const origin = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(origin).pipe(socket);
    });
    origin.on('error', () => socket.destroy());
  });
  return { url, seen };
}

describe('the network as the machine is set up', () => {
  let made: Certificates;
  before(() => (made = makeCertificates()));
  after(() => made.remove());

  const secureServer = (t: Case): Promise<number> =>
    listen(
      t,
      createHttps({ key: made.key, cert: made.cert }, (_, response) => response.end('secure')).on(
        'tlsClientError',
        () => undefined,
      ),
    );

  for (const name of ['http_proxy', 'HTTP_PROXY', 'ALL_PROXY']) {
    both(`http: ${name} is gone through, with its credentials`, async (t) => {
      const { url, seen } = await proxy(t);
      const { client } = await t.session(await withEnv(t, { [name]: url.replace('//', '//me:secret@') }));
      assert.equal(bodyOf(await client.call('http/request', get('http://host.invalid/x?q'))), 'proxied');
      const basic = Buffer.from('me:secret').toString('base64');
      assert.deepEqual(seen, [`GET http://host.invalid/x?q HTTP/1.1|Basic ${basic}`]);
    });
  }

  both('http: a proxy passes https on, and is told who asks', async (t) => {
    const { url, seen } = await proxy(t, await secureServer(t));
    const env = { HTTPS_PROXY: url.replace('//', '//me:secret@'), SSL_CERT_FILE: made.ca };
    const { client } = await t.session(await withEnv(t, env));
    assert.equal(bodyOf(await client.call('http/request', get('https://host.invalid/'))), 'secure');
    const basic = Buffer.from('me:secret').toString('base64');
    assert.deepEqual(seen, [`CONNECT host.invalid:443 HTTP/1.1|Basic ${basic}`]);
  });

  for (const [name, list] of [
    ['NO_PROXY', '10.0.0.0/8,127.0.0.0/8'],
    ['no_proxy', 'host.invalid, 127.0.0.1'],
  ] as const) {
    both(`http: ${name}=${list} leads around the proxy`, async (t) => {
      const { url, seen } = await proxy(t);
      const { client } = await t.session(await withEnv(t, { HTTP_PROXY: url, [name]: list }));
      assert.equal(bodyOf(await client.call('http/request', get((await web(t)).url))), 'hello');
      assert.deepEqual(seen, []);
    });
  }

  both('http: a dead proxy is -32603, and its password is nowhere', async (t) => {
    const server = await withEnv(t, { ALL_PROXY: 'http://me:secret@127.0.0.1:1' });
    const { client } = await t.session(server);
    for (const url of ['http://host.invalid/', 'https://host.invalid/']) {
      const { code, message } = await client.fails('http/request', get(url));
      assert.equal(code, -32603);
      assert.match(message, /^http\/request failed: /);
      assert.ok(!`${message}${server.stderr}`.includes('secret'));
    }
  });

  both('http: certificates that nobody signed are -32603', async (t) => {
    const port = await secureServer(t);
    const { client } = await t.session();
    const error = await client.fails('http/request', get(`https://localhost:${String(port)}/`));
    assert.equal(error.code, -32603);
  });

  for (const name of ['SSL_CERT_FILE', 'CODEX_CA_CERTIFICATE', 'SSL_CERT_DIR']) {
    both(`http: ${name} says whom to trust`, async (t) => {
      const port = await secureServer(t);
      const folder = await t.dir();
      copyFileSync(made.ca, join(folder, made.hashName));
      const { client } = await t.session(
        await withEnv(t, { [name]: name.endsWith('DIR') ? folder : made.ca }),
      );
      assert.equal(
        bodyOf(await client.call('http/request', get(`https://localhost:${String(port)}/`))),
        'secure',
      );
    });
  }

  both('http: a file of certificates that is not there is -32603, and named', async (t) => {
    const port = await secureServer(t);
    const { client } = await t.session(await withEnv(t, { SSL_CERT_FILE: '/nonexistent.pem' }));
    const { code, message } = await client.fails('http/request', get(`https://localhost:${String(port)}/`));
    assert.equal(code, -32603);
    assert.match(message, /SSL_CERT_FILE.*\/nonexistent\.pem|\/nonexistent\.pem.*SSL_CERT_FILE/);
  });

  both('http: a server that speaks HTTP/2 only is understood', async (t) => {
    const server = createSecureServer({ key: made.key, cert: made.cert });
    server.on('stream', (stream, headers) => {
      stream.respond({ ':status': 201, 'x-a': ['1', '2'] });
      stream.end(`${headers[':method'] ?? ''} two`);
    });
    const port = await listen(t, server);
    const { client } = await t.session(await withEnv(t, { SSL_CERT_FILE: made.ca }));
    const result = await client.call('http/request', get(`https://localhost:${String(port)}/`));
    assert.deepEqual([result['status'], bodyOf(result)], [201, 'GET two']);
    const headers = result['headers'] as { name: string; value: string }[];
    assert.deepEqual(
      headers.filter(({ name }) => name === 'x-a').map(({ value }) => value),
      ['1', '2'],
    );
  });

  both('http: chunks count more than a length beside them', async (t) => {
    const head = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n';
    const url = await rude(t, (socket) => socket.end(`${head}2\r\nok\r\n0\r\n\r\n`));
    const { client } = await t.session();
    assert.equal(bodyOf(await client.call('http/request', get(url))), 'ok');
  });
});
