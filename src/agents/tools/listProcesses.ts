import * as v from 'valibot';
import type { ManagedProcess } from '../../environment';
import { object } from '../members';
import { plain } from './plain';
import { sessionId, visible } from './processes';
import { status } from './report';
import { tool } from './tool';
import { hasExited } from './waiting';

const MAX_LISTED = 20;
const MAX_COMMAND_CHARACTERS = 200;

export const listProcesses = tool({
  name: 'list_processes',
  title: 'List Commands',
  effect: 'reads',
  description:
    'Lists the commands that you have started and that are still known: those that run, then those that have ended, the latest first.',
  schema: object({
    running: v.optional(
      v.pipe(v.boolean('must be true or false'), v.description('Only those that run; false when absent.')),
      false,
    ),
  }),
  run: ({ running }, call) => {
    const all = visible(call)
      .filter((process) => !running || !hasExited(process))
      .sort((a, b) => Number(hasExited(a)) - Number(hasExited(b)) || sessionId(b) - sessionId(a));
    if (all.length === 0) return Promise.resolve('None. exec_command starts one.');
    const lines = all.slice(0, MAX_LISTED).map((process) => line(process, call.caller.id));
    if (all.length > MAX_LISTED)
      lines.push(`… and ${all.length - MAX_LISTED} more that have been started before`);
    return Promise.resolve(lines.join('\n'));
  },
});

function line(process: ManagedProcess, callerId: string): string {
  const { spec, owner, environmentId, startedAt, totalBytes } = process;
  const command = plain(spec.argv.at(-1) ?? '').replace(/\s+/g, ' ');
  const short =
    command.length > MAX_COMMAND_CHARACTERS ? `${command.slice(0, MAX_COMMAND_CHARACTERS)}…` : command;
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  const facts = [
    status(process).split('\n')[0] ?? '',
    `started ${seconds} s ago in ${plain(spec.cwd)}`,
    ...(environmentId === null ? [] : [`on ${environmentId}`]),
    ...(spec.tty ? ['with a terminal'] : []),
    `${totalBytes} bytes of output`,
    ...(owner.id === callerId ? [] : [`of ${plain(owner.name).slice(0, 100)}`]),
  ];
  return `session_id ${sessionId(process)}: ${short}\n  ${facts.join('; ')}`;
}
