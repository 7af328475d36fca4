import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answering, refused, reply, send } from './support';

/** A key and a certificate for localhost that nobody trusts, made for this run. */
function makeCertificate(directory: string): { key: Buffer; cert: Buffer } {
  const [key, cert] = [join(directory, 'key'), join(directory, 'cert')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const files = ['-keyout', key, '-out', cert];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files],
    {
      stdio: 'ignore',
    },
  );
  return { key: readFileSync(key), cert: readFileSync(cert) };
}

describe('http: TLS', () => {
  let server: Server;
  let url = '';
  let location = '';
  const seen: { name: string | false | null; host: string | undefined; referer: string | undefined }[] = [];

  before(async function () {
    const directory = mkdtempSync(join(tmpdir(), 'exec-server-http-'));
    try {
      server = createServer(makeCertificate(directory));
    } catch {
      return this.skip();
    } finally {
      rmSync(directory, { recursive: true });
    }
    server.on('request', (message, response) => {
      const { servername } = message.socket as { servername?: string | false | null };
      seen.push({ name: servername ?? null, host: message.headers.host, referer: message.headers.referer });
      if (message.url === '/away') response.writeHead(302, { location }).end();
      else response.end('secret');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `https://localhost:${(server.address() as AddressInfo).port}`;
  });
  after((done) => {
    if (url === '') return done();
    server.close(() => done());
  });
  afterEach(() => {
    delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  });

  const get = (path: string, headers: { name: string; value: string }[] = []) =>
    send({ method: 'GET', url: url + path, headers });

  /** Trust as `NODE_EXTRA_CA_CERTS` would give it; that one is read at the start only. */
  async function trusting<T>(body: () => Promise<T>): Promise<T> {
    const emitWarning = process.emitWarning.bind(process);
    process.emitWarning = () => {};
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      return await body();
    } finally {
      process.emitWarning = emitWarning;
    }
  }

  it('refuses a certificate that is not trusted', async () => {
    await refused(get('/'), 'failed', /^http\/request failed: error sending .+: self-signed certificate$/);
    assert.equal(seen.length, 0);
  });

  it('names the host of the URL, whatever the host header says', async () => {
    const response = await trusting(() => get('/', [{ name: 'host', value: 'other' }]));
    assert.equal(response.body.toString(), 'secret');
    assert.deepEqual(seen.pop(), { name: 'localhost', host: 'other', referer: undefined });
  });

  it('sends no referer and no credentials from https to http', async () => {
    const plain = await answering(reply(200));
    location = `${plain.url}/x`;
    const headers = ['authorization', 'referer'].map((name) => ({ name, value: 'v' }));
    await trusting(() => get('/away', headers));
    const expected = `GET /x HTTP/1.1\r\naccept: */*\r\nhost: 127.0.0.1:${plain.port}\r\n\r\n`;
    assert.deepEqual(plain.requests, [expected]);
  });
});
