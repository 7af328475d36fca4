import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DISCONNECTED } from '../../../src/client/errors';
import {
  step,
  type SessionEffect,
  type SessionEvent,
  type SessionState,
} from '../../../src/client/reconnect';

const WINDOW_MS = 25_000;
const SESSION = 's1';

interface Run {
  states: SessionState[];
  effects: SessionEffect[];
}

function run(events: readonly SessionEvent[], windowMs = WINDOW_MS): Run {
  let state: SessionState = { at: 'connecting' };
  const result: Run = { states: [state], effects: [] };
  for (const event of events) {
    const next = step(state, event, windowMs);
    state = next.state;
    result.states.push(state);
    result.effects.push(...next.effects);
  }
  return result;
}

const attached = (sessionId = SESSION): SessionEvent => ({ type: 'attached', sessionId });
const dropped = (now: number, isFinal = false): SessionEvent => ({
  type: 'dropped',
  reason: 'cut',
  isFinal,
  now,
});
const refused = (now: number, isFinal = false): SessionEvent => ({
  type: 'refused',
  reason: 'no',
  isFinal,
  now,
});

/** Any events at all, also such as cannot happen, with a clock that does not go back. */
const anyEvents = fc
  .array(
    fc.record({
      type: fc.constantFrom('attached', 'refused', 'dropped', 'retry', 'timeUp', 'close'),
      sessionId: fc.constantFrom(SESSION, SESSION, 's2'),
      isFinal: fc.boolean(),
      wait: fc.integer({ min: 0, max: 10_000 }),
    }),
    { maxLength: 60 },
  )
  .map((parts) => {
    let now = 0;
    return parts.map(({ type, sessionId, isFinal, wait }) => {
      now += wait;
      return { type, sessionId, reason: 'why', isFinal: isFinal && wait > 8000, now };
    });
  });

describe('the reducer that keeps a connection', () => {
  it('replaces a broken connection with its session, and lets everything go on', () => {
    const { states, effects } = run([attached(), dropped(0), attached()]);
    assert.deepEqual(states.at(-1), { at: 'connected', sessionId: SESSION });
    assert.deepEqual(effects, [
      { type: 'interrupt' },
      { type: 'giveUpAfter', ms: WINDOW_MS },
      { type: 'dial', resumeSessionId: SESSION },
      { type: 'resume' },
    ]);
  });

  it('waits longer after each refusal, up to 2 s, and gives up at the end of the window', () => {
    const events: SessionEvent[] = [attached(), dropped(0)];
    const pauses: number[] = [];
    let now = 0;
    // As many pauses as fit into the window, were each the shortest: a reducer that never gives up fails here.
    for (let left = WINDOW_MS / 50; ; left--) {
      assert.ok(left > 0, 'it gives up');
      events.push(refused(now));
      const { states, effects } = run(events);
      const effect = effects.at(-1);
      if (effect?.type !== 'retryAfter') {
        const message = `${DISCONNECTED}: cut; failed to resume exec-server session: no`;
        assert.deepEqual(states.at(-1), { at: 'lost', message });
        break;
      }
      pauses.push(effect.ms);
      now += effect.ms;
      events.push({ type: 'retry' });
    }
    assert.deepEqual(pauses.slice(0, 8), [50, 100, 200, 400, 800, 1600, 2000, 2000]);
    assert.ok(now < WINDOW_MS && now + 2000 >= WINDOW_MS);
  });

  it('gives up when the time is up under an attempt that does not end', () => {
    const { states } = run([attached(), dropped(0), { type: 'timeUp' }]);
    const message = `${DISCONNECTED}: cut; failed to resume exec-server session: recovery timed out after 25 s`;
    assert.deepEqual(states.at(-1), { at: 'lost', message });
  });

  it('does not try what cannot help: a final end, a final refusal, another session, no window', () => {
    for (const events of [
      [attached(), dropped(0, true)],
      [attached(), dropped(0), refused(1, true)],
      [attached(), dropped(0), attached('s2')],
    ]) {
      assert.equal(run(events).states.at(-1)?.at, 'lost');
    }
    assert.equal(run([attached(), dropped(0)], 0).states.at(-1)?.at, 'lost');
  });

  it('whatever happens: one attempt at a time, the same session, one failure and then nothing', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        let state: SessionState = { at: 'connecting' };
        let dialing = true;
        let failures = 0;
        let session: string | undefined;
        let brokenAt = 0;
        for (const event of events) {
          if (event.type === 'attached' || event.type === 'refused') {
            // Only what was begun can end.
            if (!dialing) continue;
            dialing = false;
          }
          if (event.type === 'dropped' && state.at === 'connected') brokenAt = event.now;
          const before: SessionState = state;
          const next = step(state, event, WINDOW_MS);
          state = next.state;
          if (before.at === 'lost' || before.at === 'closed') {
            assert.deepEqual(next, { state: before, effects: [] });
            continue;
          }
          if (before.at === 'connecting' && state.at === 'connected') session = state.sessionId;
          for (const effect of next.effects) {
            if (effect.type === 'dial') {
              assert.equal(dialing, false);
              dialing = true;
              assert.equal(effect.resumeSessionId, session);
            }
            if (effect.type === 'fail') {
              failures++;
              assert.ok(effect.message.startsWith(`${DISCONNECTED}: `));
            }
            if (effect.type === 'retryAfter' && event.type === 'refused') {
              assert.ok(event.now + effect.ms < brokenAt + WINDOW_MS);
            }
            if (effect.type === 'resume') assert.equal(state.at, 'connected');
          }
          if (state.at === 'lost' || state.at === 'closed') dialing = false;
        }
        assert.equal(failures, state.at === 'lost' || state.at === 'closed' ? 1 : 0);
      }),
      { numRuns: 2000 },
    );
  });
});
