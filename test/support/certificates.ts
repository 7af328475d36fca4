/** Certificates for tests, made by openssl as they are needed. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificates {
  /** Where `ca` and all else lies. */
  readonly folder: string;
  /** The file of an authority that nobody trusts. */
  readonly ca: string;
  /** The name that OpenSSL looks for in a folder. */
  readonly hashName: string;
  /** Of a server at localhost and 127.0.0.1, signed by the authority. */
  readonly key: Buffer;
  readonly cert: Buffer;
  remove(): void;
}

export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'exec-server-ca-'));
  const openssl = (...args: string[]): string =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' });
  const newKey = ['-newkey', 'rsa:2048', '-nodes'];
  const ofCa = ['-subj', '/CN=test authority', '-addext', 'basicConstraints=critical,CA:TRUE'];
  openssl('req', '-x509', ...newKey, '-days', '2', ...ofCa, '-keyout', 'ca.key', '-out', 'ca.pem');
  openssl('req', ...newKey, '-subj', '/CN=localhost', '-keyout', 'key', '-out', 'request');
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost,DNS:host.invalid,IP:127.0.0.1');
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
  openssl('x509', '-req', '-in', 'request', ...signed, '-out', 'cert');
  return {
    folder,
    ca: join(folder, 'ca.pem'),
    hashName: `${openssl('x509', '-hash', '-noout', '-in', 'ca.pem').trim()}.0`,
    key: readFileSync(join(folder, 'key')),
    cert: readFileSync(join(folder, 'cert')),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
