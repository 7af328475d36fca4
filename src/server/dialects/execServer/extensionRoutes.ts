import type { HostProcess, OutputStream, StreamSnapshot, TerminalSize } from '../../../environment';
import { execServer, invalidRequest } from '../../../protocol';
import { findProcess } from './findProcess';
import { route } from './route';

const { resize, snapshot, wait } = execServer.extensions;

type SnapshotResult = execServer.extensions.SnapshotResult;

/** PROTOCOL chapter 17, except the end of stdin. */
export const extensionRoutes = [
  route(
    resize,
    'exec',
    async ({ processId, rows, cols }, call) => {
      resizeTerminal(await findProcess(processId, call), { rows, cols });
      return {};
    },
    'immediate',
  ),

  // It may take as long as the process does, so it must not take a place among the others.
  route(
    wait,
    'exec',
    async ({ processId, timeoutMs }, call) =>
      call.waits.wait(await findProcess(processId, call), timeoutMs, call.signal),
    'immediate',
  ),

  route(snapshot, 'exec', async ({ processId }, call): Promise<SnapshotResult> => {
    const process = await findProcess(processId, call);
    const { exited, exitCode } = await process.read({ afterSeq: Number.MAX_SAFE_INTEGER });
    return { ...outputOf(process), exitCode, running: !exited };
  }),
];

/** The size itself has been checked. */
function resizeTerminal(process: HostProcess, size: TerminalSize): void {
  try {
    process.resize(size);
  } catch (error) {
    throw invalidRequest(error instanceof Error ? error.message : String(error));
  }
}

function outputOf(process: HostProcess): Omit<SnapshotResult, 'exitCode' | 'running'> {
  const take = (stream: OutputStream) => process.snapshot(stream);
  const [stdout, stderr, terminal] = [take('stdout'), take('stderr'), take('pty')];
  return {
    stdout: stdout.bytes.toString('base64'),
    stderr: stderr.bytes.toString('base64'),
    terminal: terminal.bytes.toString('base64'),
    truncated: [stdout, stderr, terminal].some(({ omittedBytes }) => omittedBytes > 0),
    omitted: { stdout: gap(stdout), stderr: gap(stderr), terminal: gap(terminal) },
  };
}

function gap({ gapAt, omittedBytes }: StreamSnapshot): execServer.extensions.Gap {
  return { at: gapAt, bytes: omittedBytes };
}
