import { lookAt, type OutputStream, type StreamSnapshot } from '../../../environment';
import type { HostProcess } from '../../backend';
import { execServer } from '../../../protocol';
import { findProcess, route } from './route';

const { members, MEMBER_CHARACTERS, MOST_MEMBERS, resize, sendSignal, snapshot, wait } =
  execServer.extensions;
const { environmentInfo, environmentStatus } = execServer.environment;

type MembersResult = execServer.extensions.MembersResult;
type SnapshotResult = execServer.extensions.SnapshotResult;

/** The methods of docs/protocol/environment.md, and of extensions.md except the end of stdin. */
export const extensionRoutes = [
  route(environmentInfo, 'environment info', (_, call) => call.environmentInfo(), { priority: 'control' }),
  route(environmentStatus, 'environment status', () => ({ status: 'ready' }), { priority: 'control' }),

  route(
    resize,
    'exec',
    async ({ processId, rows, cols }, call) => {
      (await findProcess(processId, call)).resize({ rows, cols });
      return {};
    },
    { priority: 'control' },
  ),

  // It may take as long as the process does, so it must not take a place among the others.
  route(
    wait,
    'exec',
    async ({ processId, timeoutMs }, call) =>
      call.waits.wait(await findProcess(processId, call), timeoutMs, call.signal),
    { priority: 'control' },
  ),

  route(members, 'exec', async ({ processId, ports }, call): Promise<MembersResult> => {
    const look = await lookAt(await findProcess(processId, call), { ports });
    const told = look.members.slice(0, MOST_MEMBERS).map(({ pid, command, usage }) => ({
      pid,
      command: command.slice(0, MEMBER_CHARACTERS),
      ...(usage ? { usage } : {}),
    }));
    return { members: told, ...(ports ? { ports: [...look.ports] } : {}) };
  }),

  route(
    sendSignal,
    'exec',
    async ({ processId, signal, pid }, call) => {
      const { tree } = await findProcess(processId, call);
      return { sent: (await tree.send?.(signal, pid)) ?? false };
    },
    { priority: 'control' },
  ),

  route(snapshot, 'exec', async ({ processId }, call): Promise<SnapshotResult> => {
    const process = await findProcess(processId, call);
    const { exited, exitCode } = await process.read({ afterSeq: Number.MAX_SAFE_INTEGER });
    return { ...outputOf(process), exitCode, running: !exited };
  }),
];

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
