/** The ways in which the seed's tests look at a process. */
import { STEP_MS } from '../../scripts/host/patience.mjs';
import type {
  ExecBackend,
  ExecParams,
  ExecProcess,
  ExecProcessEvent,
  ReadResponse,
} from '../../src/environment';

let lastId = 0;

/** Under an id of its own, because servers know one for a while after its process has ended. */
export const sh = (script: string, more: Partial<ExecParams> = {}): ExecParams => ({
  processId: `proc-${String(++lastId)}`,
  argv: ['/bin/sh', '-c', script],
  cwd: process.cwd(),
  env: { PATH: process.env['PATH'] ?? '' },
  tty: false,
  pipeStdin: false,
  ...more,
});

export async function start(backend: ExecBackend, params: ExecParams): Promise<ExecProcess> {
  return (await backend.start(params)).process;
}

export async function inTime<T>(what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), STEP_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A read that waits for the next wake if it has nothing. */
export async function readUntilChange(process: ExecProcess, afterSeq?: number): Promise<ReadResponse> {
  let stop = (): void => undefined;
  const woken = new Promise<void>((resolve) => (stop = process.subscribeWake(resolve)));
  try {
    const response = await process.read(afterSeq, undefined, 0);
    if (response.chunks.length > 0 || response.closed || response.failure !== null) return response;
    await inTime('a wake', woken);
    return await process.read(afterSeq, undefined, 0);
  } finally {
    stop();
  }
}

export interface FromReads {
  text: string;
  exitCode: number | null;
}

/** Everything up to the close, by reads and wakes. */
export async function collectFromReads(process: ExecProcess): Promise<FromReads> {
  const parts: Uint8Array[] = [];
  let exitCode: number | null = null;
  let afterSeq: number | undefined;
  for (;;) {
    const response = await readUntilChange(process, afterSeq);
    if (response.failure !== null) throw new Error(response.failure);
    for (const { chunk } of response.chunks) parts.push(chunk);
    if (response.exited) ({ exitCode } = response);
    if (response.closed) return { text: Buffer.concat(parts).toString(), exitCode };
    afterSeq = response.nextSeq - 1;
  }
}

/** Everything up to the close, by events. */
export async function collectEvents(process: ExecProcess): Promise<ExecProcessEvent[]> {
  const events: ExecProcessEvent[] = [];
  const all = (async () => {
    for await (const event of process.subscribeEvents()) events.push(event);
    return events;
  })();
  return inTime(`the close, after ${String(events.length)} events`, all);
}

export const textOf = (events: readonly ExecProcessEvent[], stream?: string): string =>
  Buffer.concat(
    events.flatMap((e) => (e.type === 'output' && (!stream || e.stream === stream) ? [e.chunk] : [])),
  ).toString();
