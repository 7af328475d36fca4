import { HELP } from './cli/help';
import { readOptions } from './cli/options';
import { version } from './values/version';
import { writeError } from './cli/writeError';
import { messageOf } from './values';

/** The exit status of an error that names none. */
const FAILED = 1;

/** Each part is a bundle of its own: what is not asked for is not read, and attaching is quick. */
async function main(): Promise<void> {
  const [command = '', ...rest] = process.argv.slice(2);
  if (DOORS.has(command)) {
    await import('./doors');
    return;
  }
  // The editor's own program is only a Node here, and what it starts is not.
  delete process.env['ELECTRON_RUN_AS_NODE'];
  if (command === 'attach') return (await import('./cli/attach')).attachCommand(rest);
  if (command === 'keep') return (await import('./cli/serveBy')).keep();
  const options = readOptions();
  if (options.help) process.stdout.write(HELP);
  else if (options.version) process.stdout.write(`exec-server ${version}\n`);
  else await (await import('./cli/serveBy')).serve(options);
}

const DOORS: ReadonlySet<string> = new Set(['connect', 'mcp', 'agents', 'run']);

main().catch((error: unknown) => {
  writeError(messageOf(error));
  // By its member: each bundle has a class of its own.
  process.exitCode = error instanceof Error && 'exitStatus' in error ? Number(error.exitStatus) : FAILED;
});
