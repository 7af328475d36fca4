import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Readable } from 'node:stream';
import { CloseCode, LineTransport } from '../rpc';
import type { Transport, TransportEvents } from '../rpc/transport';
import { MAX_INCOMING_BYTES } from './bounds';
import type { Connector } from './connector';
import { ConnectError } from './errors';
import { oneLine, quote } from './incoming';
import { StderrTail } from './stderrTail';
import { errorCode } from '../values';

/** A command that speaks the exec-server protocol on its stdin and stdout. */
export interface ExecServerCommand {
  /** Looked up in PATH unless it is a path. */
  readonly program: string;
  /** Its arguments as they are, without a shell; none when absent. */
  readonly args?: readonly string[] | undefined;
  /** Laid over this process's own environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Absolute path. */
  readonly cwd?: string | undefined;
  /** Told each line that the program writes to its stderr, without its end; empty ones are left out. */
  readonly onStderr?: ((line: string) => void) | undefined;
}

/** How long the program may take to end by itself after its stdin has ended, in ms. */
const END_GRACE_MS = 2000;
/** How long it may take after SIGTERM, in ms. */
const TERM_GRACE_MS = 1000;
/** Room for the reasons of five folders, in UTF-16 units. */
const VERDICT_LENGTH = 1500;
/** How long its stdout must be silent after its end, in ms: others, which it started, may hold that open. */
const QUIET_MS = 100;
/** How long is waited for the exit status behind the end of stdout, in ms. */
const STATUS_WAIT_MS = 500;

/** An exec-server that is started as a child and ended with the connection. */
export class ProgramConnector implements Connector {
  /** The server and its sessions end with the program. */
  readonly resumes = false;
  readonly allowsBanner = true;
  private child: ChildProcessWithoutNullStreams | undefined;
  private stderr: StderrTail | undefined;
  private gone: Promise<void> = Promise.resolve();

  constructor(private readonly command: ExecServerCommand) {}

  get target(): string {
    const { program, args = [] } = this.command;
    return `the command ${quote([program, ...args].join(' '))}`;
  }

  async open(events: TransportEvents, signal: AbortSignal): Promise<Transport> {
    const { program, args = [], env, cwd, onStderr } = this.command;
    const child = spawn(program, args, {
      stdio: 'pipe',
      env: { ...process.env, ...env },
      cwd,
      windowsHide: true,
    });
    this.child = child;
    const stderr = new StderrTail(child.stderr, onStderr);
    this.stderr = stderr;
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) => reject(cannotStart(program, cwd, error)));
    });
    child.on('error', () => undefined);
    const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    this.gone = exit;
    const transport = new LineTransport(
      child.stdout,
      child.stdin,
      {
        message: (data) => events.message(data),
        drained: () => events.drained(),
        closed: (code, reason) => {
          void this.end();
          if (code === CloseCode.protocolError || code === CloseCode.tooBig)
            return events.closed(code, reason);
          // Why it ended is worth more than that its stdout did.
          const late = new Promise((resolve) => setTimeout(resolve, STATUS_WAIT_MS).unref());
          void Promise.race([exit, late]).then(() => events.closed(code, ended(child, stderr, reason)));
        },
      },
      { peerName: this.target, messageBytes: MAX_INCOMING_BYTES },
    );
    void exit.then(() => closeWhenQuiet(child.stdout));
    // Without a session there is nothing that it would have to end first.
    if (signal.aborted) void this.end(0);
    else signal.addEventListener('abort', () => void this.end(0), { once: true });
    return transport;
  }

  get verdict(): string | undefined {
    return this.stderr?.verdict;
  }

  onSign(listener: () => void): void {
    if (this.stderr) this.stderr.onStep = listener;
  }

  greeted(): void {
    this.stderr?.forget();
  }

  /** End of stdin, SIGTERM, SIGKILL, as far as needed, to this one process. */
  async end(graceMs = END_GRACE_MS): Promise<void> {
    const { child, gone } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    child.stdin.end();
    const term = setTimeout(() => child.kill('SIGTERM'), graceMs);
    const kill = setTimeout(() => child.kill('SIGKILL'), graceMs + TERM_GRACE_MS);
    await gone;
    clearTimeout(term);
    clearTimeout(kill);
  }
}

/** What is still in the pipe is read first, however long the reader is held up. */
function closeWhenQuiet(stdout: Readable): void {
  const quiet = setTimeout(() => {
    if (stdout.isPaused() || stdout.readableLength > 0) quiet.refresh();
    else stdout.destroy();
  }, QUIET_MS);
  stdout.on('data', () => quiet.refresh());
  stdout.once('close', () => clearTimeout(quiet));
}

function ended(child: ChildProcessWithoutNullStreams, stderr: StderrTail, reason: string): string {
  const { exitCode, signalCode } = child;
  if (exitCode === null && signalCode === null) return reason;
  const how = signalCode === null ? `ended with status ${exitCode ?? 0}` : `was ended by ${signalCode}`;
  const said = stderr.text === '' ? '' : `; the last it said was ${quote(stderr.text)}`;
  return `${stderr.verdict === undefined ? `the program ${how}` : oneLine(stderr.verdict, VERDICT_LENGTH)}${said}`;
}

function cannotStart(program: string, cwd: string | undefined, error: Error): ConnectError {
  const code = errorCode(error);
  const where = cwd === undefined ? '' : `, or no folder ${quote(cwd)}`;
  if (code === 'ENOENT')
    return new ConnectError(
      `there is no program ${quote(program)} on this machine${where}. Install it, or give its full path`,
      true,
    );
  if (code === 'EACCES')
    return new ConnectError(
      `${quote(program)} may not be run: permission denied. Make it executable, or name another program`,
      true,
    );
  return new ConnectError(`${quote(program)} could not be started: ${error.message}`, true);
}
