import * as v from 'valibot';
import { ArgumentError } from '../arguments';
import { object, pathText, text } from '../members';
import { messageOf } from '../../values';
import { maxTokensMember, yieldMember } from './members';
import { Positions } from './positions';
import { report } from './report';
import { tool, type ToolCall } from './tool';
import { waitForEnd, yieldMs } from './waiting';

const MAX_CMD_CHARACTERS = 128 * 1024;
const DEFAULT_YIELD_MS = 10_000;

/** A pager would wait for a key that no model presses. */
const NO_PAGERS = { PAGER: 'cat', GIT_PAGER: 'cat', GH_PAGER: 'cat' };

const schema = object({
  cmd: v.pipe(
    text('the command line'),
    v.nonEmpty('must not be empty'),
    v.maxLength(
      MAX_CMD_CHARACTERS,
      `must have at most ${MAX_CMD_CHARACTERS} characters: write a longer script into a file and run that`,
    ),
    v.description('The command line, run by a shell.'),
  ),
  workdir: v.optional(
    v.pipe(
      pathText('an absolute path'),
      v.description("The folder to run it in, an absolute path; the workspace's when absent."),
    ),
  ),
  environment: v.optional(
    v.pipe(
      pathText('the id of an environment'),
      v.description(
        'The machine to run it on, by the id that list_environments gives; this one when absent.',
      ),
    ),
  ),
  tty: v.optional(
    v.pipe(
      v.boolean('must be true or false'),
      v.description('Gives it a terminal, so that write_stdin can type into it; false when absent.'),
    ),
    false,
  ),
  yield_time_ms: yieldMember('10000'),
  max_output_tokens: maxTokensMember,
});

export const execCommand = tool({
  name: 'exec_command',
  title: 'Run Command',
  effect: 'runs',
  description:
    "Runs a command in the person's editor, where they see it live, may answer it and may stop it. Returns its output " +
    'and exit code; when it still runs after the yield time, its session ID and the output so far: go on with ' +
    'write_stdin (poll or type), wait_for, interrupt or terminate. Control sequences are left out of output.',
  schema,
  run: async (args, call) => {
    const begun = performance.now();
    const process = await start(args, call);
    Positions.of(process);
    const interrupt = (): void => void process.interrupt().catch(() => undefined);
    if (call.signal.aborted) interrupt();
    call.signal.addEventListener('abort', interrupt);
    try {
      await waitForEnd(process, yieldMs(args.yield_time_ms, DEFAULT_YIELD_MS), call.signal);
    } finally {
      call.signal.removeEventListener('abort', interrupt);
    }
    return report(process, call, { begun, maxTokens: args.max_output_tokens });
  },
});

async function start(
  { cmd, workdir, environment, tty }: v.InferOutput<typeof schema>,
  { host, caller }: ToolCall,
): ReturnType<Awaited<ReturnType<ToolCall['host']['hub']['place']>>['start']> {
  const place = await host.hub.place(environment).catch((error: unknown) => {
    throw new ArgumentError(`exec_command: "environment": ${messageOf(error)}`);
  });
  const cwd = workdir ?? place.folder;
  if (!place.isAbsolute(cwd))
    throw new ArgumentError(
      `exec_command: "workdir": must be an absolute path, not ${JSON.stringify(cwd.slice(0, 200))}`,
    );
  const argv = [...place.commandShell, cmd];
  const spec = { argv, cwd, env: NO_PAGERS, tty, pipeStdin: false, mergeStderr: true };
  return place.start(spec, caller).catch((error: unknown) => {
    // The system's own words name neither the program nor the folder.
    throw new Error(
      `exec_command: ${JSON.stringify(argv[0])} in the folder ${JSON.stringify(cwd)}: ${messageOf(error)}`,
      { cause: error },
    );
  });
}
