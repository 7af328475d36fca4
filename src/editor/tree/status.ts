import type { ProcessViewModel } from './viewModel';

/** How a process stands, in one word. */
export type Status = 'running' | 'stopping' | 'ok' | 'failed' | 'killed' | 'lost' | 'refused' | 'unstarted';

export function rowStatus(model: ProcessViewModel): Status {
  // Also when it has ended itself, and what it started has not.
  if (model.stop && !model.stop.done && !model.closed) return 'stopping';
  switch (model.state) {
    case 'running':
      return model.stopping ? 'stopping' : 'running';
    case 'exited':
      return model.exitCode === 0 ? 'ok' : 'failed';
    case 'killed':
      return 'killed';
    case 'lost':
      return 'lost';
    case 'unstarted':
      return model.noStart === null || model.noStart.why === 'failed' ? 'unstarted' : 'refused';
  }
}

/** Ended itself, but something it started still holds its output and can be stopped. */
export function hasOpenStreams(model: ProcessViewModel): boolean {
  return model.state !== 'running' && !model.closed;
}

/** What it asks of a human; nothing of a shell at its prompt. */
export function needOf({ waiting, state }: ProcessViewModel): 'input' | 'secret' | undefined {
  return waiting === null || waiting.kind === 'prompt' || state !== 'running' ? undefined : waiting.kind;
}

/** How many outlived the last stop. */
export function survivorsOf({ stop }: ProcessViewModel): number {
  return stop?.done ? stop.left.length : 0;
}

/** A person has the keyboard: that comes before what it asks, for it is being answered. Not before what they have not seen. */
export const isYours = (model: ProcessViewModel): boolean =>
  model.state === 'running' && model.keyboard.taken && (model.attended || !needOf(model));
