import { DISCONNECTED } from './errors';

/** How a connection is kept: decisions only. What they lead to is done by `Connection`. */
export type SessionState =
  | { readonly at: 'connecting' }
  | { readonly at: 'connected'; readonly sessionId: string }
  | {
      readonly at: 'reconnecting';
      readonly sessionId: string;
      readonly reason: string;
      /** Failed attempts so far. */
      readonly attempts: number;
      /** When it is given up, in ms of the caller's clock. */
      readonly deadline: number;
      /** Whether an attempt is under way. */
      readonly dialing: boolean;
    }
  /** Gone for good. */
  | { readonly at: 'lost'; readonly message: string }
  /** Ended by its owner. */
  | { readonly at: 'closed' };

/** `now` is in ms of any clock that does not go back. */
export type SessionEvent =
  | { readonly type: 'attached'; readonly sessionId: string }
  /** An attempt failed; `isFinal`: another would as well. */
  | { readonly type: 'refused'; readonly reason: string; readonly isFinal: boolean; readonly now: number }
  /** The attached connection ended; `isFinal`: no other can take its place. */
  | { readonly type: 'dropped'; readonly reason: string; readonly isFinal: boolean; readonly now: number }
  | { readonly type: 'retry' }
  | { readonly type: 'timeUp' }
  | { readonly type: 'close' };

export type SessionEffect =
  | { readonly type: 'dial'; readonly resumeSessionId: string }
  /** Send `retry` after so many ms. */
  | { readonly type: 'retryAfter'; readonly ms: number }
  /** Send `timeUp` after so many ms, unless attached before. */
  | { readonly type: 'giveUpAfter'; readonly ms: number }
  /** Calls go out again, processes catch up. */
  | { readonly type: 'resume' }
  /** What is ambiguous is answered so. */
  | { readonly type: 'interrupt' }
  /** Ends the attempt or the connection, every call and every process. */
  | { readonly type: 'fail'; readonly message: string };

export interface Step {
  readonly state: SessionState;
  readonly effects: readonly SessionEffect[];
}

/** The longest pause between two attempts, in ms. */
const LONGEST_PAUSE_MS = 2000;
const FIRST_PAUSE_MS = 50;

/** The next state and what is to be done; what does not fit the state changes nothing. */
export function step(state: SessionState, event: SessionEvent, windowMs: number): Step {
  const same: Step = { state, effects: [] };
  if (state.at === 'lost' || state.at === 'closed') return same;
  switch (event.type) {
    case 'close':
      return { state: { at: 'closed' }, effects: [fail('the client was closed')] };
    case 'attached':
      return onAttached(state, event.sessionId);
    case 'refused':
      return onRefused(state, event);
    case 'dropped':
      return state.at === 'connected' ? onDropped(state.sessionId, event, windowMs) : same;
    case 'retry':
      if (state.at !== 'reconnecting' || state.dialing) return same;
      return {
        state: { ...state, dialing: true },
        effects: [{ type: 'dial', resumeSessionId: state.sessionId }],
      };
    case 'timeUp':
      if (state.at !== 'reconnecting') return same;
      return lose(`${state.reason}; ${RESUME_FAILED}: recovery timed out after ${windowMs / 1000} s`);
  }
}

const RESUME_FAILED = 'failed to resume exec-server session';

function onAttached(state: SessionState, sessionId: string): Step {
  if (state.at === 'connecting') return { state: { at: 'connected', sessionId }, effects: [] };
  if (state.at !== 'reconnecting' || !state.dialing) return { state, effects: [] };
  if (sessionId === state.sessionId) {
    return { state: { at: 'connected', sessionId }, effects: [{ type: 'resume' }] };
  }
  return lose(`${state.reason}; ${RESUME_FAILED}: the server answered with another session`);
}

function onDropped(
  sessionId: string,
  { reason, isFinal, now }: SessionEvent & { type: 'dropped' },
  windowMs: number,
): Step {
  if (isFinal || windowMs === 0) return lose(reason);
  return {
    state: { at: 'reconnecting', sessionId, reason, attempts: 0, deadline: now + windowMs, dialing: true },
    effects: [
      { type: 'interrupt' },
      { type: 'giveUpAfter', ms: windowMs },
      { type: 'dial', resumeSessionId: sessionId },
    ],
  };
}

function onRefused(state: SessionState, event: SessionEvent & { type: 'refused' }): Step {
  const { reason, isFinal, now } = event;
  if (state.at === 'connecting') return lose(reason);
  if (state.at !== 'reconnecting' || !state.dialing) return { state, effects: [] };
  if (isFinal) return lose(`${state.reason}; ${RESUME_FAILED}: ${reason}`);
  const ms = Math.min(FIRST_PAUSE_MS * 2 ** state.attempts, LONGEST_PAUSE_MS);
  if (now + ms >= state.deadline) {
    return lose(`${state.reason}; ${RESUME_FAILED}: ${reason}`);
  }
  return {
    state: { ...state, attempts: state.attempts + 1, dialing: false },
    effects: [{ type: 'retryAfter', ms }],
  };
}

function lose(reason: string): Step {
  const effect = fail(reason);
  return { state: { at: 'lost', message: effect.message }, effects: [effect] };
}

function fail(reason: string): SessionEffect & { type: 'fail' } {
  return { type: 'fail', message: `${DISCONNECTED}: ${reason}` };
}
