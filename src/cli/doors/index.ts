import { connect } from './connect';
import { DOORS_HELP } from './help';
import { relayMcp } from './mcp';
import { run } from './run';

/** What the first word of the command line may ask for, beside a server. */
const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  connect: () => connect(),
  mcp: () => relayMcp(),
  agents: async (args) => (await import('./agents')).agents(args),
  run: (args) => run(runOptions(args)),
};

/**
 * Does what a subcommand says. Undefined when there is none of this name; rejects with a sentence when it cannot be done.
 *
 * @param args of the command line, the subcommand first
 */
export function doorCommand([name = '', ...args]: readonly string[]): Promise<void> | undefined {
  // The editor's own program is only a Node here, and what it starts is not.
  delete process.env['ELECTRON_RUN_AS_NODE'];
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command || !args.includes('--help', 0)) return command?.(args);
  if (name === 'run' && args.indexOf('--') >= 0 && args.indexOf('--') < args.indexOf('--help'))
    return command(args);
  process.stdout.write(DOORS_HELP);
  return Promise.resolve();
}

function runOptions(args: readonly string[]): Parameters<typeof run>[0] {
  const required = args[0] === '--required';
  const rest = required ? args.slice(1) : args;
  const argv = rest[0] === '--' ? rest.slice(1) : rest;
  if (argv.length === 0)
    throw new Error('What is to be run? exec-server run [--required] -- PROGRAM [ARGUMENT…]');
  return { argv, required };
}
