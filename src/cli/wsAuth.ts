import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { toFsError } from '../files';
import { capabilityToken, sha256, type Access } from '../server';
import { oneOf, UsageError, type Options } from './options';

const CAPABILITY = 'capability-token';
const SIGNED = 'signed-bearer-token';
/** A shorter one could be found by trying. */
const MIN_SECRET_BYTES = 32;
const DEFAULT_CLOCK_SKEW_SECONDS = 30;

/**
 * The `--ws-auth` part of the command line (docs/protocol/ws-auth.md#modes), or undefined without it. Rejects
 * with the reference's texts, which contain no secret.
 */
export async function readWsAuth(options: Options): Promise<Access | undefined> {
  const mode = options['ws-auth'];
  const forCapability = given(options, 'ws-token-file', 'ws-token-sha256');
  const forSigned = given(
    options,
    'ws-shared-secret-file',
    'ws-issuer',
    'ws-audience',
    'ws-max-clock-skew-seconds',
  );
  if (mode === undefined) {
    if (!forCapability && !forSigned) return undefined;
    throw new Error(`websocket auth flags require \`--ws-auth ${CAPABILITY}\` or \`--ws-auth ${SIGNED}\``);
  }
  if (options.auth !== undefined) throw new Error('`--auth` and `--ws-auth` are mutually exclusive');
  if (oneOf('--ws-auth', mode, [CAPABILITY, SIGNED] as const) === CAPABILITY) {
    if (!forSigned) return { type: 'bearer', check: capabilityToken(await readDigest(options)) };
    const flags =
      '`--ws-shared-secret-file`, `--ws-issuer`, `--ws-audience`, and `--ws-max-clock-skew-seconds`';
    throw new Error(`${flags} require \`--ws-auth ${SIGNED}\``);
  }
  if (!forCapability) return readSigned(options);
  const flags = '`--ws-token-file` and `--ws-token-sha256`';
  throw new Error(`${flags} require \`--ws-auth ${CAPABILITY}\`, not \`${SIGNED}\``);
}

/** The files that hold what opens the server. */
export function secretFiles(options: Options): string[] {
  const files = [options['ws-token-file'], options['ws-shared-secret-file']];
  return files.flatMap((file) => (file === undefined ? [] : [resolve(file)]));
}

function given(options: Options, ...names: (keyof Options)[]): boolean {
  return names.some((name) => options[name] !== undefined);
}

async function readDigest(options: Options): Promise<Buffer> {
  const { 'ws-token-file': file, 'ws-token-sha256': hex } = options;
  if (file !== undefined) {
    if (hex === undefined) return sha256(await readSecret(file));
    throw new Error('`--ws-token-file` and `--ws-token-sha256` are mutually exclusive');
  }
  if (hex === undefined) {
    const flags = '`--ws-token-file` or `--ws-token-sha256`';
    throw new Error(`${flags} is required when \`--ws-auth ${CAPABILITY}\` is set`);
  }
  if (!/^[\da-f]{64}$/i.test(hex.trim())) {
    throw new Error('--ws-token-sha256 must be a 64-character hex SHA-256 digest');
  }
  return Buffer.from(hex.trim(), 'hex');
}

async function readSigned(options: Options): Promise<Access> {
  const file = options['ws-shared-secret-file'];
  if (file === undefined) {
    throw new Error(`\`--ws-shared-secret-file\` is required when \`--ws-auth ${SIGNED}\` is set`);
  }
  const maxClockSkewSeconds = readSkew(options['ws-max-clock-skew-seconds']);
  const secret = Buffer.from(await readSecret(file));
  if (secret.length < MIN_SECRET_BYTES) {
    const name = `signed websocket bearer secret ${resolve(file)}`;
    throw new Error(`${name} must be at least ${MIN_SECRET_BYTES} bytes`);
  }
  const { signedBearer } = await import('../server/auth/signedBearer');
  const issuer = trimmed(options['ws-issuer']);
  const audience = trimmed(options['ws-audience']);
  return { type: 'bearer', check: signedBearer(secret, { issuer, audience, maxClockSkewSeconds }) };
}

function readSkew(text: string | undefined): number {
  if (text === undefined) return DEFAULT_CLOCK_SKEW_SECONDS;
  const seconds = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seconds)) return seconds;
  throw new UsageError(
    `invalid value '${text}' for '--ws-max-clock-skew-seconds <SECONDS>': expected a whole number of seconds`,
  );
}

/** A blank text is as good as none. */
function trimmed(text: string | undefined): string | undefined {
  return text?.trim() || undefined;
}

/** The text of a file without the white space around it. */
async function readSecret(file: string): Promise<string> {
  const path = resolve(file);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Error(`failed to read websocket auth secret ${path}: ${toFsError(error).message}`);
  });
  if (text.trim() === '') throw new Error(`websocket auth secret ${path} must not be empty`);
  return text.trim();
}
