import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../values';

/** The largest file of certificates that is read, in bytes; the usual one has 200 KB. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;
/** Files of one folder that are read. */
const MAX_FILES = 4096;
/** A name as `c_rehash` makes it, or one that says what is in it. */
const CERTIFICATE_NAME = /^[\da-f]{8}\.\d+$|\.(?:pem|crt|cer)$/i;

/** What changes when a file or folder does; its error's code if it cannot be looked at. */
export async function stampOf(path: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return `${path} ${mtimeMs} ${size} ${ino}`;
  } catch (error) {
    return `${path} ${String(errorCode(error))}`;
  }
}

/** The certificates in a PEM file. Rejects with the system's error, or with one that names the bound. */
export async function readPemFile(path: string): Promise<string[]> {
  const { size } = await stat(path);
  if (size > MAX_FILE_BYTES) throw new Error(`it has ${size} bytes; the limit is ${MAX_FILE_BYTES}`);
  return certificatesIn(await readFile(path, 'latin1'));
}

/** The certificates of all files of a folder; what cannot be read is passed over, as OpenSSL does. */
export async function readPemFolder(path: string): Promise<string[]> {
  const names = await readdir(path).catch(() => []);
  const certificates: string[] = [];
  for (const name of names.filter((each) => CERTIFICATE_NAME.test(each)).slice(0, MAX_FILES)) {
    certificates.push(...(await readPemFile(join(path, name)).catch(() => [])));
  }
  return certificates;
}

function certificatesIn(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
}
