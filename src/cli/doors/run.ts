import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { constants } from 'node:os';
import { pathToFileURL } from 'node:url';
import { dial, findWindow } from '../../agents/discovery';
import { messageOf } from '../../values';
import { standardStreams, writeAll } from './standardStreams';
import { WireClient } from './wireClient';

/** How long what is still in the pipes may take after the exit, in ms: something else may hold them for ever. */
const EXIT_GRACE_MS = 200;
/** Between asking and killing, when this process is asked to end. */
const STOP_GRACE_MS = 2000;
const NOT_FOUND = 127;
const CANNOT_RUN = 126;

/** Whether and how a command runs. */
export interface RunOptions {
  readonly argv: readonly string[];
  /** Without a window it is an error; else it runs here, unseen. */
  readonly required: boolean;
}

/**
 * Runs a command in the window that is open for the working directory, as if it ran here: same folder, environment and
 * streams, byte for byte; signals go in, and it ends as the command ends. Never resolves: this process ends with it.
 */
export async function run({ argv, required }: RunOptions): Promise<void> {
  let socket;
  try {
    socket = await dial(findWindow(process.cwd()), 'wire');
  } catch (error) {
    if (required) throw error;
    runHere(argv);
    return;
  }
  const streams = standardStreams();
  const processId = randomUUID();
  let exit: { code: number; signal: number | undefined } | undefined;
  const finish = (): void => {
    if (exit) end(exit.code, exit.signal);
  };
  const client = new WireClient(socket, (method, params) => {
    if (params['processId'] !== processId) return;
    if (method === 'process/output') {
      writeAll(params['stream'] === 'stderr' ? 2 : 1, Buffer.from(String(params['chunk']), 'base64'));
    } else if (method === 'process/exited') {
      exit = { code: Number(params['exitCode']), signal: params['signal'] as number | undefined };
      setTimeout(finish, EXIT_GRACE_MS);
    } else if (method === 'process/closed') finish();
  });
  await client.request('initialize', { clientName: clientName(), resumeSessionId: null });
  client.notify('initialized');
  try {
    await client.request('process/start', {
      processId,
      argv,
      cwd: pathToFileURL(process.cwd()).href,
      env: process.env,
      tty: streams.tty,
      pipeStdin: streams.hasInput,
      mergeStderr: streams.sameOutput && !streams.tty && process.platform === 'linux',
      lifetime: 'connection',
      ...(streams.tty ? { size: { rows: process.stdout.rows, cols: process.stdout.columns } } : {}),
    });
  } catch (error) {
    writeAll(2, Buffer.from(`exec-server: ${messageOf(error)}\n`));
    process.exit(CANNOT_RUN);
  }
  if (streams.tty || streams.hasInput) passInput(client, processId, streams.tty);
  passSignals(client, processId);
  await client.closed;
  if (exit) {
    finish();
    return;
  }
  writeAll(2, Buffer.from('exec-server: the window is gone, and the command with it\n'));
  process.exit(CANNOT_RUN);
}

function passInput(client: WireClient, processId: string, tty: boolean): void {
  const { stdin } = process;
  if (tty) stdin.setRawMode(true);
  const ignore = (): void => undefined;
  stdin.on('data', (data: Buffer) => {
    stdin.pause();
    const params = { processId, writeId: randomUUID(), chunk: data.toString('base64') };
    // One at a time: what the command does not read, nobody need hold here.
    client.request('process/write', params).then(() => stdin.resume(), ignore);
  });
  stdin.on('end', () => void client.request('process/closeStdin', { processId }).catch(ignore));
  stdin.on('error', ignore);
  if (!tty) return;
  process.stdout.on('resize', () => {
    const { rows, columns: cols } = process.stdout;
    void client.request('process/resize', { processId, rows, cols }).catch(ignore);
  });
}

function passSignals(client: WireClient, processId: string): void {
  const send = (method: string, more: object): void =>
    void client.request(method, { processId, ...more }).catch(() => undefined);
  process.on('SIGINT', () => send('process/signal', { signal: 'interrupt' }));
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) {
    process.on(signal, () => send('process/terminate', { mode: { graceful: { timeoutMs: STOP_GRACE_MS } } }));
  }
}

function runHere([program = '', ...args]: readonly string[]): void {
  const child = spawn(program, args, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error: NodeJS.ErrnoException) => {
    writeAll(2, Buffer.from(`${program}: ${error.message}\n`));
    process.exit(error.code === 'ENOENT' ? NOT_FOUND : CANNOT_RUN);
  });
  child.on('exit', (code, signal) => end(code ?? 0, signal === null ? undefined : constants.signals[signal]));
}

/** Ends this process as the command ended, also by a signal. */
function end(code: number, signal: number | undefined): void {
  if (process.stdin.isTTY) process.stdin.setRawMode(false);
  const name = Object.entries(constants.signals).find(([, number]) => number === signal)?.[0];
  if (name !== undefined && process.platform !== 'win32') {
    process.removeAllListeners(name);
    process.kill(process.pid, name);
    // A signal that is ignored here, or takes a moment.
    setTimeout(() => process.exit(code), EXIT_GRACE_MS);
    return;
  }
  process.exit(code);
}

function clientName(): string {
  return process.env['AI_AGENT'] ?? 'exec-server run';
}
