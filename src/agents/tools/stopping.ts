import * as v from 'valibot';
import { object } from '../members';
import { maxTokensMember, sessionIdMember, yieldMember } from './members';
import { toControl } from './processes';
import { report } from './report';
import { tool } from './tool';
import { hasExited, waitForEnd, yieldMs } from './waiting';

const AFTER_INTERRUPT_MS = 2000;
/** For the output that comes with the end. */
const AFTER_END_MS = 500;

export const interrupt = tool({
  name: 'interrupt',
  title: 'Interrupt Command',
  effect: 'stops',
  description:
    'Interrupts a running command as Ctrl-C does, and returns its new output. Most commands end; one that goes on can be ended with terminate.',
  schema: object({
    session_id: sessionIdMember,
    yield_time_ms: yieldMember('2000'),
    max_output_tokens: maxTokensMember,
  }),
  run: async ({ session_id, yield_time_ms, max_output_tokens }, call) => {
    const begun = performance.now();
    const process = toControl(call, session_id);
    const more = hasExited(process) ? ['It had ended before.'] : [];
    await process.interrupt();
    await waitForEnd(process, yieldMs(yield_time_ms, AFTER_INTERRUPT_MS), call.signal);
    return report(process, call, { begun, maxTokens: max_output_tokens, more });
  },
});

export const terminate = tool({
  name: 'terminate',
  title: 'End Command',
  effect: 'stops',
  description:
    'Ends a running command and all that it started: asks first, forces after 2 seconds. Returns its last output and what is left, if anything is.',
  schema: object({
    session_id: sessionIdMember,
    force: v.optional(
      v.pipe(v.boolean('must be true or false'), v.description('Forces at once; false when absent.')),
      false,
    ),
    max_output_tokens: maxTokensMember,
  }),
  run: async ({ session_id, force, max_output_tokens }, call) => {
    const begun = performance.now();
    const process = toControl(call, session_id);
    const more = hasExited(process) ? ['It had ended before.'] : [];
    const survivors = await call.host.hub.stop(process.id, {
      from: force ? 'kill' : 'terminate',
      by: 'client',
    });
    for (const { pid, command } of survivors)
      more.push(`Still running: ${command.slice(0, 200)}${pid === null ? '' : ` (pid ${pid})`}`);
    await waitForEnd(process, AFTER_END_MS, call.signal);
    return report(process, call, { begun, maxTokens: max_output_tokens, more });
  },
});
