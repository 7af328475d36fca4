import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  agentKind,
  agentStates,
  connectAgent,
  AgentFileError,
  disconnectAgent,
} from '../../agents/connect/agentFiles';
import { discoveryFolder } from '../../agents/discovery';
import { agentPrograms, writePrograms, type AgentPrograms } from '../../agents/programs/writePrograms';

const USAGE = 'exec-server agents [--json], or: exec-server agents connect|disconnect NAME';

/** Lists the agents of this machine with what Connect would write, connects one or undoes it. Rejects with a sentence. */
export async function agents(args: readonly string[]): Promise<void> {
  const programs = present();
  const [what, name] = args;
  if (what === undefined || (what === '--json' && args.length === 1)) {
    list(programs, what === '--json');
    return;
  }
  if (args.length !== 2 || name === undefined || (what !== 'connect' && what !== 'disconnect'))
    throw new AgentFileError(USAGE);
  const kind = agentKind(name);
  (what === 'connect' ? connectAgent : disconnectAgent)(kind, programs, process.env);
  process.stdout.write(`${kind.name} is ${what}ed: ${kind.file(process.env)}\n`);
  await Promise.resolve();
}

function list(programs: AgentPrograms, json: boolean): void {
  const states = agentStates(programs);
  if (json) {
    // The files may hold secrets: only what would be written is told, and only where nothing else is in them.
    const told = states.map(({ before, after, ...state }) => ({
      ...state,
      writes: before === '' ? after : undefined,
    }));
    process.stdout.write(`${JSON.stringify({ agents: told, programs }, null, 2)}\n`);
    return;
  }
  for (const { id, name, found, version, status, file, effect } of states) {
    const called = [name, version].filter(Boolean).join(' ');
    process.stdout.write(`${id}: ${called}, ${found ?? 'not found'}; ${status}; ${file}\n  ${effect}\n`);
  }
  const { program, prefix, lookAlikes } = programs;
  process.stdout.write(
    `Program: ${program}\nShell prefix: ${prefix}\nLook-alikes of shells: ${lookAlikes}\n`,
  );
}

/** The command line brings the programs with it; the program itself is one of them. */
function present(): AgentPrograms {
  const folder = discoveryFolder();
  const bundle = join(__dirname, 'doors.js');
  if (!existsSync(bundle)) return agentPrograms(folder);
  return writePrograms(folder, {
    bundle,
    node: process.execPath,
    isEditor: process.versions['electron'] !== undefined,
  });
}
