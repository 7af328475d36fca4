import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { STEP_MS } from '../../../scripts/host/patience.mjs';
import type { ManagedProcess } from '../../../src/process/managedProcess';
import { loadLibc } from '../../../src/process/native/libc';
import { NodeLauncher } from '../../../src/process/spawn/nodeLauncher';
import { loadNativePty } from '../../../src/process/native/nodePty';
import type { ProcessTable } from '../../../src/process/processTable';
import { loadPlatform, type Platform, type PlatformLoader } from '../../../src/process/spawn/platform';
import type { ProcessEvent, SpawnSpec } from '../../../src/process/types';

/** The ways to start programs: this system's own, and the one that is an old Linux's, and macOS's in its terminals. */
export const WAYS: readonly { readonly name: string; readonly loadPlatform: PlatformLoader }[] = [
  { name: 'by this system’s launcher', loadPlatform },
  ...(process.platform === 'linux' ? [{ name: 'by Node and node-pty', loadPlatform: nodeSystem }] : []),
];

function nodeSystem(): Platform {
  const libc = loadLibc();
  return { libc, launcher: new NodeLauncher(libc, loadNativePty), losses: [] };
}

export const OWNER = { id: 'owner', name: 'test' };
export const posix = process.platform !== 'win32';
export const linux = process.platform === 'linux';

export function spec(argv: readonly string[], more: Partial<SpawnSpec> = {}): SpawnSpec {
  return {
    argv,
    cwd: '/tmp',
    env: { PATH: process.env['PATH'] ?? '' },
    tty: false,
    pipeStdin: false,
    ...more,
  };
}

export function shell(script: string, more: Partial<SpawnSpec> = {}): SpawnSpec {
  return spec(['/bin/sh', '-c', script], more);
}

export interface Outcome {
  readonly process: ManagedProcess;
  readonly events: readonly ProcessEvent[];
  readonly text: (stream?: string) => string;
}

/** Runs to the close and collects everything. */
export async function run(table: ProcessTable, what: SpawnSpec): Promise<Outcome> {
  const process = await table.start('id', what, OWNER);
  const events: ProcessEvent[] = [];
  await new Promise<void>((resolve) => {
    process.subscribe((event) => {
      events.push(event);
      if (event.type === 'closed') resolve();
    });
  });
  return { process, events, text: (stream) => textOf(events, stream) };
}

export function textOf(events: readonly ProcessEvent[], stream?: string): string {
  const chunks = events.flatMap((event) =>
    event.type === 'output' && (stream === undefined || event.stream === stream) ? [event.chunk] : [],
  );
  return Buffer.concat(chunks).toString('latin1');
}

/** Resolves when `condition` holds; rejects after `ms`. */
export async function until(condition: () => boolean, ms = STEP_MS, what = 'the condition'): Promise<void> {
  const end = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`${what} did not come true within ${ms} ms`);
    await sleep(5);
  }
}

/** As `until`, for what takes its time to say whether it is so. */
export async function eventually(condition: () => Promise<boolean>, ms = STEP_MS): Promise<void> {
  const end = performance.now() + ms;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`it did not come true within ${ms} ms`);
    await sleep(5);
  }
}

/** Resolves with the output so far once it matches. */
export async function untilOutput(process: ManagedProcess, pattern: RegExp, ms = STEP_MS): Promise<string> {
  let text = '';
  let afterSeq = 0;
  const end = performance.now() + ms;
  while (!pattern.test(text)) {
    if (performance.now() > end)
      throw new Error(`${String(pattern)} not in ${JSON.stringify(text.slice(0, 2000))}`);
    const { chunks, nextSeq, closed } = await process.read({ afterSeq, waitMs: 200 });
    text += Buffer.concat(chunks.map(({ chunk }) => chunk)).toString('latin1');
    afterSeq = nextSeq - 1;
    if (closed && !pattern.test(text))
      throw new Error(`closed, and ${String(pattern)} not in ${JSON.stringify(text.slice(0, 2000))}`);
  }
  return text;
}

export async function untilClosed(process: ManagedProcess, ms = STEP_MS): Promise<void> {
  await until(() => process.closed, ms, 'closed');
}

/** Whether a process lives; a zombie does not. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !linux || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

/** What is open, as the system names it, with its descriptor. Linux only. */
export function openThings(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [`${fd} ${readlinkSync(`/proc/self/fd/${fd}`)}`];
    } catch {
      // The one that it was listed by.
      return [];
    }
  });
}

/** Deterministic bytes that differ at every place, with their checksum. */
export const FLOOD = {
  /** Writes `mib` MiB, ready beforehand, in a pattern without line ends (a terminal changes those) and exits. */
  script: (mib: number): string =>
    `const b=Buffer.alloc(${mib}*1048576);let x=1;for(let i=0;i<b.length;i+=4){` +
    `x=(Math.imul(x,1103515245)+12345)>>>0;b.writeUInt32LE((x|0x80808080)>>>0,i);}` +
    `for(let o=0;o<b.length;)try{o+=require('fs').writeSync(1,b,o,Math.min(65536,b.length-o))}` +
    `catch(e){if(e.code!=='EAGAIN')throw e}`,
  digest: (mib: number): string => {
    const hash = createHash('sha256');
    const block = Buffer.alloc(65536);
    let x = 1;
    for (let n = 0; n < mib * 16; n++) {
      for (let i = 0; i < 65536; i += 4) {
        x = (Math.imul(x, 1103515245) + 12345) >>> 0;
        block.writeUInt32LE((x | 0x80808080) >>> 0, i);
      }
      hash.update(block);
    }
    return hash.digest('hex');
  },
};
