import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { makeCertificates, type Certificates } from '../../support/certificates';
import { Host, refused, send } from './support';

const UNTRUSTED = /: (unable to verify the first certificate|self-signed certificate in certificate chain)$/;

describe('http: whom to trust', () => {
  let made: Certificates;
  let server: Server;
  let url = '';
  before(async () => {
    made = makeCertificates();
    const { key, cert } = made;
    server = createServer({ key, cert }, (_, response) => response.end('ok'));
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `https://localhost:${(server.address() as AddressInfo).port}/`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
    made.remove();
  });

  const get = (host: Host) => send({ method: 'GET', url }, host);
  const file = (name: string) => join(made.folder, name);

  it('nobody beyond the system and Node, unless a variable names them', async () => {
    await refused(get(new Host()), 'failed', UNTRUSTED);
    for (const name of ['SSL_CERT_FILE', 'CODEX_CA_CERTIFICATE', 'NODE_EXTRA_CA_CERTS']) {
      assert.equal((await get(new Host({ [name]: made.ca }))).body.toString(), 'ok', name);
    }
  });

  it('the certificates of folders, whose names may be hashes', async () => {
    for (const [folder, name] of [
      ['hashed', made.hashName],
      ['named', 'own.pem'],
    ] as const) {
      mkdirSync(file(folder));
      copyFileSync(made.ca, join(file(folder), name));
      writeFileSync(
        join(file(folder), 'broken.pem'),
        '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
      );
      const host = new Host({ SSL_CERT_DIR: `/nonexistent:${file(folder)}` });
      assert.equal((await get(host)).body.toString(), 'ok');
    }
  });

  it('a certificate among damaged ones', async () => {
    const damaged = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    writeFileSync(file('mixed.pem'), `${damaged}words\n`);
    utimesSync(file('mixed.pem'), 1, 1);
    const host = new Host({ CODEX_CA_CERTIFICATE: file('mixed.pem') });
    await refused(get(host), 'failed', UNTRUSTED);
    // Read again because it has changed.
    copyFileSync(made.ca, file('mixed.pem'));
    assert.equal((await get(host)).body.toString(), 'ok');
  });

  it('nobody, in words that name the variable, when its file cannot be used', async () => {
    writeFileSync(file('empty.pem'), 'nothing');
    for (const name of ['SSL_CERT_FILE', 'CODEX_CA_CERTIFICATE']) {
      const start = `: ${name} names a file `;
      await refused(get(new Host({ [name]: '/nonexistent' })), 'failed', new RegExp(`${start}.+ENOENT`));
      await refused(
        get(new Host({ [name]: file('empty.pem') })),
        'failed',
        new RegExp(`${start}without a certificate`),
      );
    }
  });

  it('an https proxy by the same certificates', async () => {
    const env = { http_proxy: url, SSL_CERT_FILE: made.ca };
    const response = await send({ method: 'GET', url: 'http://host.invalid/' }, new Host(env));
    assert.equal(response.body.toString(), 'ok');
    const strict = send({ method: 'GET', url: 'http://host.invalid/' }, new Host({ http_proxy: url }));
    await refused(strict, 'failed', /: the proxy of http_proxy cannot be reached: unable to verify/);
  });
});
