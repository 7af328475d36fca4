import type { ManagedProcess } from '../../environment';
import { ArgumentError } from '../arguments';
import type { ToolCall } from './tool';

/** The number that a model knows a process by; unique in the window, also over time. */
export function sessionId(process: ManagedProcess): number {
  return Number(process.id.slice(1));
}

/** Those that the caller may know of, oldest start first. */
export function visible({ host, caller }: ToolCall): ManagedProcess[] {
  const own = host.reach() === 'own';
  return host.hub.list().filter(({ owner }) => !own || owner.id === caller.id);
}

/**
 * The process to look at.
 *
 * @throws ArgumentError with an instruction; one of others that are hidden is like one that never was
 */
export function toSee(call: ToolCall, session_id: number): ManagedProcess {
  const found = call.host.hub.get(`p${session_id}`);
  if (found && (isOwn(call, found) || call.host.reach() !== 'own')) return found;
  throw new ArgumentError(
    `There is no session ${session_id} (any more). list_processes names those there are; exec_command starts a new one.`,
  );
}

/**
 * The process to type into or to stop.
 *
 * @throws ArgumentError with an instruction
 */
export function toControl(call: ToolCall, session_id: number): ManagedProcess {
  const found = toSee(call, session_id);
  if (isOwn(call, found) || call.host.reach() === 'control') return found;
  throw new ArgumentError(
    `Session ${session_id} was started by somebody else: you may read it, not type into it or stop it. Ask the person to do that in the editor.`,
  );
}

function isOwn({ caller }: ToolCall, { owner }: ManagedProcess): boolean {
  return owner.id === caller.id;
}
