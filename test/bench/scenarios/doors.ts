/** What each door of agents costs, in bare shells: from the start of `bash -c true` until its agent has its end. */
import { spawn } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stage } from '../../unit/agents/shell/support.js';
import { open, relay, type Mcp } from '../../mcp/clients.js';
import { overLines } from '../../wire/lineSocket.js';
import { handshake } from '../../wire/session.js';
import { Server, stateFolder } from '../../wire/target.js';
import { COMMAND, ended, inTurn } from '../inTurn.js';
import type { Samples, Scenario } from '../types.js';

const DOORS = fileURLToPath(new URL('../../../dist/doors.js', import.meta.url));

export const doors: Scenario = {
  name: 'doors',
  once: true,
  oursAlone: true,
  rows: [
    { key: 'bare', title: 'a bare `bash -c true`', unit: 'ms', kind: 'amount' },
    { key: 'shown', title: '— shown, the command its agent’s own, in bare shells', unit: '', kind: 'amount' },
    { key: 'tool', title: '— by the tool `exec_command`, in bare shells', unit: '', kind: 'amount' },
    { key: 'relayed', title: '— the same by `exec-server mcp`, in bare shells', unit: '', kind: 'amount' },
    {
      key: 'wire',
      title: '— by the wire of `exec-server connect`, in bare shells',
      unit: '',
      kind: 'amount',
    },
    { key: 'run', title: '— by `exec-server run`, in bare shells', unit: '', kind: 'amount' },
    {
      key: 'chat',
      title: '— by the tool `exec_command` of the editor’s chat, in bare shells',
      unit: '',
      kind: 'amount',
    },
    {
      key: 'command',
      title: '— by the command `execServer.start`, in bare shells',
      unit: '',
      kind: 'amount',
    },
  ],
  /** What the command line has too is measured beside it alone. */
  async measure({ side, gauge }, { samples }): Promise<Samples> {
    if (side === 'editor') return (await gauge?.samples('doors', samples)) ?? {};
    if (side !== 'ours') return {};
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bench-doors-')));
    const state = { XDG_STATE_HOME: stateFolder };
    const stage = new Stage();
    await stage.open();
    const server = await Server.start(['--workspace', folder]);
    try {
      const mcp = await open('SDK 2, sessions', server, 'bench');
      const relayed = await relay('SDK 2, sessions', folder, 'bench');
      const joined = spawn(process.execPath, [DOORS, 'connect'], {
        cwd: folder,
        env: { ...process.env, ...state },
      });
      const wire = await handshake(overLines(joined.stdout, joined.stdin, () => joined.kill()));
      const call = (by: Mcp): Promise<unknown> =>
        by.call('exec_command', { cmd: 'true', yield_time_ms: 30_000 });
      const result = await inTurn(samples, stage.workspace, {
        shown: () => ended(join(stage.programs.lookAlikes, 'bash'), COMMAND.slice(1), stage.workspace),
        run: () => ended(process.execPath, [DOORS, 'run', '--', ...COMMAND], folder, state),
        tool: () => call(mcp),
        relayed: () => call(relayed),
        wire: async () => (await wire.start([...COMMAND])).closed(),
      });
      await Promise.all([mcp.close(), relayed.close()]);
      joined.kill();
      return result;
    } finally {
      await server.stop();
      await stage.clear();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
