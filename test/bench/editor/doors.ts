/** What the doors that only an editor has cost: its chat's tools, and the commands for other extensions. */
import * as vscode from 'vscode';
import { agreed, invokeTool } from '../../editor/suite/invokeTool';
import { COMMAND, inTurn } from '../inTurn';

interface Read {
  readonly nextSeq: number;
  readonly closed: boolean;
}

const call = <T>(name: string, params: object): Thenable<T> =>
  vscode.commands.executeCommand<T>(`execServer.${name}`, params);

/** A person has said yes to all beforehand. */
export async function measureDoors(samples: number): Promise<Record<string, number[]>> {
  let result: Record<string, number[]> = {};
  await agreed(async () => {
    result = await inTurn(samples, '/', {
      chat: () => invokeTool('execServer_exec_command', { cmd: 'true', yield_time_ms: 30_000 }),
      command,
    });
  });
  return result;
}

/** As another extension runs a command until it has closed. */
async function command(): Promise<void> {
  const { processId } = await call<{ processId: string }>('start', { argv: COMMAND });
  for (let afterSeq = 0, closed = false; !closed;) {
    const read = await call<Read>('read', { processId, afterSeq, waitMs: 30_000 });
    afterSeq = read.nextSeq - 1;
    closed = read.closed;
  }
}
