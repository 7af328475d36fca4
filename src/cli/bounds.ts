import { isAbsolute } from 'node:path';
import type { ServerLimits } from '../server';
import { UsageError, type Options } from './options';
import { MAX_TIMER_MS } from '../values';

/** What the flags say about a server and its process table; what is absent stays as it is. */
export interface Bounds {
  readonly server: Partial<ServerLimits>;
  /** Where output is kept that memory has no room for; undefined for nowhere. */
  readonly spillFolder: string | undefined;
  readonly table: {
    readonly maxProcesses?: number;
    readonly retainedBytesPerProcess?: number;
    readonly retainedBytesTotal?: number;
    readonly spilledBytesPerProcess?: number;
    readonly spilledBytesTotal?: number;
  };
}

const MIB = 1024 * 1024;

/** The smallest and the largest value of each flag. */
const RANGES = {
  'concurrent-requests': [1, 65_536],
  'queued-requests': [0, 65_536],
  'max-connections': [1, 65_536],
  // A part of a streamed body must fit, and a message is one string at most.
  'max-message-bytes': [2 * MIB, 256 * MIB],
  'max-processes': [1, 65_536],
  'max-processes-per-session': [1, 65_536],
  // One whole body must fit.
  'held-bytes': [64 * MIB, 2 ** 40],
  'held-bytes-per-connection': [64 * MIB, 2 ** 40],
  'retained-bytes': [0, 2 ** 40],
  'retained-bytes-per-process': [0, 2 ** 40],
  'spilled-bytes': [0, 2 ** 50],
  'spilled-bytes-per-process': [0, 2 ** 50],
  'handshake-timeout-ms': [1, MAX_TIMER_MS],
  'initialize-timeout-ms': [1, MAX_TIMER_MS],
} as const;

type Flag = keyof typeof RANGES;

/**
 * The bounds of docs/protocol/bounds.md#server that the command line sets.
 *
 * @throws UsageError that names the range
 */
export function readBounds(options: Options): Bounds {
  const given = (flag: Flag): number | undefined => readNumber(flag, options[flag]);
  const server: { [name in keyof ServerLimits]?: number | undefined } = {
    inFlight: given('concurrent-requests'),
    queued: given('queued-requests'),
    connections: given('max-connections'),
    messageBytes: given('max-message-bytes'),
    heldBytes: given('held-bytes'),
    heldBytesPerConnection: given('held-bytes-per-connection'),
    processesPerSession: given('max-processes-per-session'),
    httpHandshakeMs: given('handshake-timeout-ms'),
    initializeMs: given('initialize-timeout-ms'),
  };
  const table = {
    maxProcesses: given('max-processes'),
    retainedBytesPerProcess: given('retained-bytes-per-process'),
    retainedBytesTotal: given('retained-bytes'),
    spilledBytesPerProcess: given('spilled-bytes-per-process'),
    spilledBytesTotal: given('spilled-bytes'),
  };
  return { server: present(server), table: present(table), spillFolder: readFolder(options) };
}

function readNumber(flag: Flag, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [least, most] = RANGES[flag];
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(
    `invalid value '${text}' for '--${flag} <N>': expected a whole number from ${least} to ${most}`,
  );
}

function readFolder(options: Options): string | undefined {
  const folder = options['spill-folder'];
  if (folder === undefined || isAbsolute(folder)) return folder;
  throw new UsageError(`invalid value '${folder}' for '--spill-folder <PATH>': expected an absolute path`);
}

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function present<T extends object>(values: T): Present<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>;
}
