import * as tls from 'node:tls';

/** Where systems keep the certificates that they trust, in one file; more than one may be there. */
export const SYSTEM_FILES: readonly string[] = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/ssl/cert.pem',
];

/** The certificates of a system that keeps them in no file, as macOS and Windows do; a Node before 22.15 sees none. */
export function keptElsewhere(): readonly string[] {
  if (process.platform !== 'darwin' && process.platform !== 'win32') return [];
  const { getCACertificates } = tls as { getCACertificates?: (type: 'system') => string[] };
  return getCACertificates?.('system') ?? [];
}
