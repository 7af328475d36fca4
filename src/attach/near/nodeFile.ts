import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { namesMusl } from '../thisMachine';
import { AttachError } from './attachError';
import type { NoNode } from '../words';

/** A Node that is sent to a machine which has none. */
export interface NodeFile {
  /** SHA-256 of the program, in hex. */
  readonly sha256: string;
  /** The size of the program, in bytes. */
  readonly bytes: number;
  readonly packed: Buffer;
}

const MIB = 1024 * 1024;
const ELF = Buffer.from('\x7fELF', 'latin1');
/** By e_machine of an ELF file, what `uname -m` says. */
const MACHINES: Readonly<Record<number, string>> = { 62: 'x86_64', 183: 'aarch64' };

/** Reads and packs it. Rejects with an AttachError if it can't run on that machine. */
export async function readNode(path: string, there: NoNode): Promise<NodeFile> {
  const program = await readFile(path).catch((error: unknown) => {
    throw new AttachError(`the Node to be sent could not be read: ${String(error)}`);
  });
  const wrong = misfit(program, there);
  if (wrong !== undefined) throw new AttachError(`${path} can't run there: ${wrong}`);
  const sha256 = createHash('sha256').update(program).digest('hex');
  return { sha256, bytes: program.length, packed: await promisify(gzip)(program) };
}

/** Why that program is none for that machine; undefined if it may be one. */
export function misfit(program: Buffer, { system, machine, musl }: NoNode): string | undefined {
  if (system !== 'Linux') return `only a Node for Linux can be sent, and that machine is ${system}`;
  if (!program.subarray(0, ELF.length).equals(ELF)) return 'it is no program of Linux';
  const built = MACHINES[program.readUInt16LE(18)] ?? 'another processor';
  if (built !== machine) return `it is for ${built}, and that machine is ${machine}`;
  const isMusl = namesMusl(program);
  if (isMusl === musl) return undefined;
  const [its, theirs] = isMusl ? ['musl', 'glibc'] : ['glibc', 'musl'];
  return `it needs ${its}, and that machine has ${theirs}`;
}

/** So many bytes, for people. */
export function sizeText(bytes: number): string {
  return bytes < MIB ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / MIB).toFixed(1)} MiB`;
}
