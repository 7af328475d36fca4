import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { attach, AttachError, type Attached } from '../attach';
import { messageOf } from '../values';
import { outliveReaders } from './readers';
import { writeError } from './writeError';
import { UsageError } from './options';

export const ATTACH_HELP = `Usage: exec-server attach [--send-node FILE] -- PROGRAM ARGS...

Runs an exec-server on a machine that need not know of it, and speaks its protocol on stdin and stdout.
PROGRAM ARGS... are the words that run a command over there; all that it needs there is a shell and Node 20.
What is sent, less than 1 MB, is kept below ~/.cache there.

Options:
  --send-node FILE   a Node program for that machine, sent there if it has none; without this none is sent
  --help             show this text

Examples:
  exec-server attach -- ssh box
  exec-server attach -- docker exec -i web
  exec-server attach -- kubectl exec -i deploy/web --
  exec-server attach -- srun -Q --unbuffered
`;

/** How long after the program's end its stdout must be silent, in ms: others may hold it open. */
const QUIET_MS = 100;

/** The command `attach`. Ends this process with the program's status. Rejects with a sentence, or with a UsageError. */
export async function attachCommand(args: readonly string[]): Promise<void> {
  const { values, command } = read(args);
  if (values.help) return void process.stdout.write(ATTACH_HELP);
  const abort = new AbortController();
  const giveUp = (): void => abort.abort();
  for (const signal of SIGNALS) process.once(signal, giveUp);
  const attaching = attach({
    command,
    // The bundles lie in a folder of the package.
    root: join(__dirname, '..'),
    sendNode: values['send-node'],
    step: (text) => writeError(`attach: ${text}`),
    signal: abort.signal,
  });
  // After the program has been started, which is what takes its time.
  outliveReaders();
  const attached = await attaching.catch((error: unknown) => {
    throw error instanceof AttachError ? new Error(`attach failed: ${error.message}`) : error;
  });
  for (const signal of SIGNALS) process.off(signal, giveUp);
  process.exit(await passOn(attached));
}

/** By which people and programs ask this one to end. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * All that comes after `--` belongs to the command.
 *
 * @throws UsageError for any other option, and without a command
 */
function read(args: readonly string[]) {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  try {
    const { values } = parseArgs({ args: [...own], options: OPTIONS });
    const command = end < 0 ? [] : args.slice(end + 1);
    if (command.length > 0 || values.help) return { values, command };
  } catch (error) {
    throw new UsageError(`${messageOf(error)}; see exec-server attach --help`);
  }
  throw new UsageError('attach needs the command that leads there: exec-server attach -- ssh box');
}

const OPTIONS = { 'send-node': { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;

/** The server's streams are this process's from now on. Resolves with an exit status, once all output has left. */
async function passOn({ child, input, output, first }: Attached): Promise<number> {
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  process.stdin.pipe(input);
  process.stdout.write(first);
  output.pipe(process.stdout, { end: false });
  await endOf(child, output);
  await new Promise((resolve) => process.stdout.write('', resolve));
  return child.exitCode ?? FAILED;
}

const FAILED = 1;

/** The end of the output, or the program's end and silence after it. */
function endOf(child: Attached['child'], output: Attached['output']): Promise<void> {
  return new Promise((resolve) => {
    const closed = new Promise<void>((end) => child.once('exit', () => end()));
    output.once('end', () => void closed.then(resolve));
    child.once('exit', () => {
      const quiet = setTimeout(resolve, QUIET_MS);
      output.on('data', () => quiet.refresh());
    });
  });
}
