import { disk, SilentDiskError } from '../../blocking';
import { osSpawnError, toSpawnError } from '../errors';
import { headOf } from './interpreters';

/** What decides is in the first line, and in a program's header. */
const SAMPLE_BYTES = 256;
const ELF = '\x7fELF';
const ELF_HEADER_BYTES = 64;
/** Places in an ELF header of 64 bits: the machine, the table of segments, and the size and number of its entries. */
const AT = { machine: 18, segments: 32, entryBytes: 54, entries: 56 };
const ENTRY_BYTES = 56;

/**
 * To be asked when the system has refused to run it. A shell reads anything, and in the bytes of a damaged or foreign
 * program there may be a line that does harm.
 *
 * @throws SpawnError ENOEXEC for what no shell would take for text
 */
export async function checkScript(path: string): Promise<void> {
  if (!looksLikeText(await sampleOf(path))) throw osSpawnError('ENOEXEC');
}

/**
 * To be asked before it is run, where the attempt itself would run what is no program by a shell. Lets through text, what
 * cannot be read, and every program of this machine's kind whose header is whole.
 *
 * @throws SpawnError ENOEXEC for all else
 */
export async function checkFormat(path: string): Promise<void> {
  const sample = await sampleOf(path).catch(() => undefined);
  if (!sample || looksLikeText(sample)) return;
  const own = await sampleOf(process.execPath);
  if (!(await isProgram(path, sample, own))) throw osSpawnError('ENOEXEC');
}

/** A first line without what no text has, as bash asks; a program's magic number begins with it. */
export function looksLikeText(sample: Buffer): boolean {
  const text = sample.toString('latin1');
  const [firstLine = ''] = text.split('\n', 1);
  return !/[\0-\x06\x0e-\x1a\x1c-\x1f\x7f]/.test(firstLine);
}

async function isProgram(path: string, header: Buffer, own: Buffer): Promise<boolean> {
  if (header.length < ELF_HEADER_BYTES || !header.toString('latin1').startsWith(ELF)) return false;
  // The class and the order of bytes.
  if (header.readUInt16LE(4) !== own.readUInt16LE(4)) return false;
  if (header.readUInt16LE(AT.machine) !== own.readUInt16LE(AT.machine)) return false;
  const entries = header.readUInt16LE(AT.entries);
  const end = header.readBigUInt64LE(AT.segments) + BigInt(entries * ENTRY_BYTES);
  const whole = entries > 0 && end <= BigInt((await disk.stat(path)).size);
  return whole && header.readUInt16LE(AT.entryBytes) === ENTRY_BYTES;
}

/** Rejects with the system's error for a file that may be run but not read: no shell could read it either. */
async function sampleOf(path: string): Promise<Buffer> {
  try {
    return (await headOf(path)).subarray(0, SAMPLE_BYTES);
  } catch (error) {
    throw error instanceof SilentDiskError ? toSpawnError(error) : osSpawnError('ENOEXEC');
  }
}
