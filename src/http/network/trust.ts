import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { setImmediate, setTimeout as delay } from 'node:timers/promises';
import type { Variables } from '../types';
import { readPemFile, readPemFolder, stampOf } from './pemFiles';
import { keptElsewhere, SYSTEM_FILES } from './systemCertificates';

/** Milliseconds to wait for a look at files that were read before; a disk that hangs shall not stop what worked. */
const LOOK_MS = 500;

/** Certificates that are parsed without a pause. */
const AT_A_TIME = 16;

/** A place that certificates come from. */
interface Source {
  /** The variable that names it; undefined for the system's own. */
  readonly variable?: string;
  readonly path: string;
  /** Whether requests fail as long as it cannot be read. */
  readonly isNeeded?: boolean;
  readonly isFolder?: boolean;
}

/**
 * Whom to trust: the system's certificates and those that Node brings along or, in the place of both, the ones of
 * `SSL_CERT_FILE` and `SSL_CERT_DIR`; always also those of `CODEX_CA_CERTIFICATE` and `NODE_EXTRA_CA_CERTS`. They are
 * read when they are first needed, and again when one of the files has changed.
 */
export class Trust {
  private known: { readonly stamp: string; readonly context: SecureContext } | undefined;
  private look: Promise<SecureContext> | undefined;

  constructor(private readonly env: () => Variables) {}

  /** Rejects with an error that names the variable whose file cannot be used. */
  async context(): Promise<SecureContext> {
    const look = (this.look ??= this.update().finally(() => (this.look = undefined)));
    const { known } = this;
    if (!known) return look;
    using late = cancellableDelay(LOOK_MS);
    return await Promise.race([look, late.over.then(() => known.context)]);
  }

  private async update(): Promise<SecureContext> {
    const sources = sourcesOf(this.env());
    const stamp = (await Promise.all(sources.map(({ path }) => stampOf(path)))).join('\n');
    if (this.known?.stamp === stamp) return this.known.context;
    const isReplaced = replacesSystem(this.env());
    const certificates = [...(isReplaced ? [] : keptElsewhere())];
    for (const source of sources) certificates.push(...(await read(source)));
    const context = await contextOf(certificates, isReplaced);
    this.known = { stamp, context };
    return context;
  }
}

function cancellableDelay(ms: number): { readonly over: Promise<void> } & Disposable {
  const controller = new AbortController();
  const over = delay(ms, undefined, { signal: controller.signal });
  over.catch(() => undefined);
  return { over, [Symbol.dispose]: () => controller.abort() };
}

function replacesSystem(env: Variables): boolean {
  return Boolean(env['SSL_CERT_FILE'] ?? '') || Boolean(env['SSL_CERT_DIR'] ?? '');
}

function sourcesOf(env: Variables): Source[] {
  const file = (variable: string, isNeeded: boolean): Source[] => {
    const path = env[variable] ?? '';
    return path === '' ? [] : [{ variable, path, isNeeded }];
  };
  const folders = (env['SSL_CERT_DIR'] ?? '').split(process.platform === 'win32' ? ';' : ':');
  return [
    ...(replacesSystem(env) ? [] : SYSTEM_FILES.map((path) => ({ path }))),
    ...file('SSL_CERT_FILE', true),
    ...folders.filter((path) => path !== '').map((path) => ({ path, isFolder: true })),
    ...file('CODEX_CA_CERTIFICATE', true),
    // Node only warns when it cannot be read.
    ...file('NODE_EXTRA_CA_CERTS', false),
  ];
}

async function read({ variable, path, isNeeded, isFolder }: Source): Promise<string[]> {
  if (isFolder) return readPemFolder(path);
  try {
    const certificates = await readPemFile(path);
    if (certificates.length > 0 || !isNeeded) return certificates;
  } catch (error) {
    if (!isNeeded) return [];
    throw new Error(
      `${variable ?? path} names a file of certificates that cannot be read: ${(error as Error).message}`,
      { cause: error },
    );
  }
  throw new Error(`${variable ?? path} names a file without a certificate in PEM form: ${path}`);
}

/** What Node's own type leaves open. */
interface Store {
  addCACert(pem: string): void;
}

/**
 * Certificates are parsed one by one, some at a time, because a few hundred of them would hold up everybody for long.
 * `createSecureContext({ ca })` knows no such pause; with it Node's own, which are parsed already, would be lost too.
 */
async function contextOf(certificates: readonly string[], isReplaced: boolean): Promise<SecureContext> {
  const context = isReplaced ? createSecureContext({ ca: [] }) : createSecureContext();
  const store = context.context as Store;
  const known = new Set(isReplaced ? [] : rootCertificates.map(essence));
  const others = new Map(certificates.map((pem) => [essence(pem), pem]));
  let count = 0;
  for (const [key, pem] of others) {
    if (known.has(key)) continue;
    try {
      store.addCACert(pem);
    } catch {
      // A damaged one is left out, as by OpenSSL.
    }
    if (++count % AT_A_TIME === 0) await setImmediate();
  }
  return context;
}

/** A certificate's text without blanks: one key for it, however its lines are broken. */
function essence(pem: string): string {
  return pem.replace(/\s+/g, '');
}
