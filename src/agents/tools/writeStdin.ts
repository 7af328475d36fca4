import * as v from 'valibot';
import type { Hold, ManagedProcess } from '../../environment';
import { ArgumentError } from '../arguments';
import { object } from '../members';
import { maxTokensMember, sessionIdMember, yieldMember } from './members';
import { sessionId, toControl, toSee } from './processes';
import { report } from './report';
import { tool } from './tool';
import { hasExited, waitForEnd, yieldMs } from './waiting';

const MAX_CHARACTERS = 1024 * 1024;
/** After typing something there is an answer soon; whoever only polls wants to wait. */
const AFTER_TYPING_MS = 250;
const POLL_MS = 5000;

const KEPT = 'It is typed once, in its order, afterwards: do not type it again, poll without chars.';
const HELD: Readonly<Record<Hold, string>> = {
  person: `A person has the keyboard of this command, so your input is held. ${KEPT}`,
  secret: `The command asks for a secret, which a person is to type, so your input is held. ${KEPT}`,
};

export const writeStdin = tool({
  name: 'write_stdin',
  title: 'Type into Command',
  effect: 'types',
  description:
    'Types characters into a running command that was started with tty: true, and returns its new output. Without ' +
    'characters it only waits for output: the way to poll any running command. Enter is \\n, Ctrl-C is \\u0003.',
  schema: object({
    session_id: sessionIdMember,
    chars: v.optional(
      v.pipe(
        v.string('must be a string'),
        v.maxLength(
          MAX_CHARACTERS,
          `must have at most ${MAX_CHARACTERS} characters: write more into a file and let the command read that`,
        ),
        v.description('What to type; nothing when absent or empty.'),
      ),
      '',
    ),
    yield_time_ms: yieldMember('250 after typing and 5000 otherwise'),
    max_output_tokens: maxTokensMember,
  }),
  run: async ({ session_id, chars, yield_time_ms, max_output_tokens }, call) => {
    const begun = performance.now();
    const process = chars === '' ? toSee(call, session_id) : toControl(call, session_id);
    const ms = yieldMs(yield_time_ms, chars === '' ? POLL_MS : AFTER_TYPING_MS);
    let untaken = chars === '' ? [] : ['It has not read all of the input yet.'];
    const typed =
      chars === '' ? undefined : type(process, chars).then((held) => (untaken = held ? [HELD[held]] : []));
    const refused = new Promise<never>((_resolve, reject) => void typed?.catch(reject));
    const interrupt = (): void => void process.interrupt().catch(() => undefined);
    if (typed) call.signal.addEventListener('abort', interrupt);
    try {
      await Promise.race([waitForEnd(process, ms, call.signal), refused]);
    } finally {
      call.signal.removeEventListener('abort', interrupt);
    }
    return report(process, call, { begun, maxTokens: max_output_tokens, more: untaken });
  },
});

/** Resolves when the process took it, or with why it waits. Rejects with an instruction when it never will. */
async function type(process: ManagedProcess, chars: string): Promise<Hold | undefined> {
  const id = sessionId(process);
  if (hasExited(process))
    throw new ArgumentError(
      `Session ${id} has ended: there is nothing to type into. read_output shows its output.`,
    );
  if (!process.spec.tty && !process.spec.pipeStdin)
    throw new ArgumentError(
      `Session ${id} takes no input: it was started without a terminal. Start the command again with tty: true; to stop this one use interrupt or terminate.`,
    );
  const { status, held } = await process.submit(Buffer.from(chars));
  if (status !== 'accepted')
    throw new ArgumentError(`Session ${id} takes no input any more (${status}). Poll it without chars.`);
  return held;
}
