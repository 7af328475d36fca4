import * as v from 'valibot';
import type { ManagedProcess, NeededInput } from '../../environment';
import { ArgumentError } from '../arguments';
import { integer, object, text } from '../members';
import { maxTokensMember, sessionIdMember, yieldMember } from './members';
import { OutputPattern } from './outputPattern';
import { isListening } from './port';
import { sessionId, toSee } from './processes';
import { report } from './report';
import { tool, type ToolCall } from './tool';
import { hasExited, LONGEST_YIELD_MS, waitForEnd, yieldMs } from './waiting';

const MAX_PATTERN_CHARACTERS = 1000;
const MAX_PORT = 65_535;
/** Between two looks, in ms. */
const LOOK_EVERY_MS = 200;

const schema = object({
  session_id: sessionIdMember,
  pattern: v.optional(
    v.pipe(
      text('a regular expression'),
      v.nonEmpty('must not be empty'),
      v.maxLength(MAX_PATTERN_CHARACTERS, `must have at most ${MAX_PATTERN_CHARACTERS} characters`),
      v.description(
        'A JavaScript regular expression that a line of the output matches, whether it is there already or comes.',
      ),
    ),
  ),
  port: v.optional(
    v.pipe(integer(1, MAX_PORT), v.description('A TCP port of this machine on which something listens.')),
  ),
  quiet_ms: v.optional(
    v.pipe(integer(LOOK_EVERY_MS, LONGEST_YIELD_MS), v.description('No output for so many milliseconds.')),
  ),
  yield_time_ms: yieldMember(String(LONGEST_YIELD_MS)),
  max_output_tokens: maxTokensMember,
});

export const waitFor = tool({
  name: 'wait_for',
  title: 'Wait for Command',
  effect: 'reads',
  description:
    'Waits until a command has ended, wants input, or one of the given things happens first, whichever they are: a pattern, a port, quiet. ' +
    'Says which it was, and returns the new output. When the time is over before, call it again.',
  schema,
  run: async (args, call) => {
    const begun = performance.now();
    const process = toSee(call, args.session_id);
    const reason = await wait(process, args, call);
    return report(process, call, {
      begun,
      maxTokens: args.max_output_tokens,
      more: [`Waited for session ${sessionId(process)}: ${reason}`],
    });
  },
});

/** Resolves with what ended the wait, in words. */
async function wait(
  process: ManagedProcess,
  { pattern, port, quiet_ms, yield_time_ms }: v.InferOutput<typeof schema>,
  call: ToolCall,
): Promise<string> {
  if (port !== undefined && process.environmentId !== null)
    throw new ArgumentError(
      `wait_for: "port": the command runs on ${process.environmentId}, whose ports can't be seen from here; wait for a pattern.`,
    );
  const searched = pattern === undefined ? undefined : new OutputPattern(process, pattern);
  const end = performance.now() + yieldMs(yield_time_ms, LONGEST_YIELD_MS);
  let lastOutput = performance.now();
  let bytes = process.totalBytes;
  for (;;) {
    if (hasExited(process)) await waitForEnd(process, 0, call.signal);
    const found = await searched?.look();
    if (found !== undefined) return `the output matches, in the line: ${found}`;
    if (hasExited(process)) return 'it has ended.';
    const wanted = process.needsInput;
    if (wanted) return wantedWords(wanted);
    if (port !== undefined && (await isListening(port))) return `something listens on port ${port}.`;
    const now = performance.now();
    if (process.totalBytes !== bytes) {
      bytes = process.totalBytes;
      lastOutput = now;
    }
    if (quiet_ms !== undefined && now - lastOutput >= quiet_ms) return `no output for ${quiet_ms} ms.`;
    if (call.signal.aborted) return 'the call was cancelled.';
    if (now >= end) return 'the time is over, and nothing of it has happened yet.';
    await waitForEnd(process, Math.min(LOOK_EVERY_MS, end - now), call.signal);
  }
}

function wantedWords({ kind, question }: NeededInput): string {
  const asked = question === '' ? '' : `, and asks: ${question}`;
  return kind === 'secret'
    ? `it wants a secret${asked}. Ask the person, who can type it in the editor.`
    : `it wants input${asked}. Answer with write_stdin.`;
}
