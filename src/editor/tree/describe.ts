import { formatDuration } from '../text/amounts';
import { shortLine } from '../text/clean';
import { formatClock } from '../text/clock';
import { exitWord } from '../text/exitText';
import { hasOpenStreams, isYours, needOf, rowStatus, survivorsOf } from './status';
import type { ProcessViewModel } from './viewModel';
import { unusual } from './unusual';

/** The characters of a question that a row shows, before its command. */
const QUESTION_CHARACTERS = 80;

/** The words of the rows, so that they can be translated. */
export interface RowWords {
  /** @param since a time of day */
  running(since: string): string;
  since(time: string): string;
  /** @param asked how many were asked to end, and how many of them are left; 0 when it has just begun */
  stopping(asked: number, left: number): string;
  exit(code: number): string;
  killed(): string;
  survived(count: number): string;
  lost(): string;
  /** What it asked for cannot be had here. */
  refused(): string;
  unstarted(): string;
  /** Why a start came to nothing, short, and what to do. */
  noStart(why: 'sandbox' | 'network' | 'failed', reason: string): string;
  /** A human is needed for this question. */
  asks(question: string): string;
  secret(question: string): string;
  /** @param heldBytes what agents typed and is held; null if nothing is */
  keyboard(taken: boolean, heldBytes: number | null): string;
  /** The person has it, in a word or two: a row has little room before its command. */
  typing(): string;
  /** How much of what agents typed is held, for a row that says already who types. */
  held(bytes: number): string;
  /** The person who has it sits at another window. */
  keyboardElsewhere(): string;
  /** A shell waits at its prompt. */
  atPrompt(): string;
  /** Ended as `mark` says, but something it started still holds its output. */
  streamsOpen(mark: string): string;
}

/**
 * How it stands, in full, for lists and screen readers: `running since 14:02`, `exit 1 · 3 s`, `killed · 3 s`, `lost`,
 * and then its dialect, if that is not the usual one. Nothing in it changes because time passes: a row is drawn anew
 * only when its process has changed.
 */
export function rowDescription(model: ProcessViewModel, words: RowWords): string {
  const status = rowStatus(model);
  const need = needOf(model);
  if (need && status === 'running') {
    const question = model.waiting?.question ?? '';
    const asked = need === 'secret' ? words.secret(question) : words.asks(question);
    const both = [asked, keyboardWords(model, words)];
    return (isYours(model) ? both.reverse() : both).filter(Boolean).join(' · ');
  }
  const mark =
    status === 'running'
      ? words.running(formatClock(model.startedAt))
      : rowMark(model, words) || exitWord(model.exitCode ?? 0, model.exitSignal, words);
  const rest =
    status === 'running' || status === 'stopping'
      ? unusual([model.dialect]).join(', ')
      : rowTime(model, words);
  return [mark, keyboardWords(model, words), rest].filter(Boolean).join(' · ');
}

/** What a row says before its command: that you have its keyboard, what it asks, how it ended and what outlived that; nothing if it runs or ended well, which its icon tells already. */
export function rowMark(model: ProcessViewModel, words: RowWords): string {
  const need = needOf(model);
  if (need && rowStatus(model) === 'running' && !isYours(model)) {
    const question = shortLine(model.waiting?.question ?? '', QUESTION_CHARACTERS);
    return question || (need === 'secret' ? words.secret('') : words.asks(''));
  }
  const survived = survivorsOf(model);
  const own = [ownMark(model, words), survived ? words.survived(survived) : ''].filter(Boolean).join(' · ');
  const mark = own || (isTypedHere(model) ? words.typing() : '');
  if (!hasOpenStreams(model) || rowStatus(model) === 'stopping') return mark;
  return words.streamsOpen(mark || exitWord(model.exitCode ?? 0, model.exitSignal, words));
}

function ownMark(model: ProcessViewModel, words: RowWords): string {
  switch (rowStatus(model)) {
    case 'running':
    case 'ok':
      return '';
    case 'failed':
      return exitWord(model.exitCode ?? 0, model.exitSignal, words);
    case 'stopping':
      return words.stopping(model.stop?.asked ?? 0, model.stop?.left.length ?? 0);
    case 'killed':
      return words.killed();
    case 'lost':
      return words.lost();
    case 'refused':
      return words.refused();
    case 'unstarted':
      return words.unstarted();
  }
}

/** What a row says behind its command: `since 14:02`, or how long it ran. */
export function rowTime(model: ProcessViewModel, words: RowWords): string {
  const { startedAt, endedAt, dialect, state, waiting, noStart } = model;
  if (noStart) return words.noStart(noStart.why, noStart.reason);
  const prompt = waiting?.kind === 'prompt' && state === 'running' ? words.atPrompt() : '';
  const time = endedAt === null ? words.since(formatClock(startedAt)) : formatDuration(endedAt - startedAt);
  return [keyboardTime(model, words), prompt, state === 'lost' ? '' : time, ...unusual([dialect])]
    .filter(Boolean)
    .join(' · ');
}

/** Who has the keyboard, as far as the row's mark does not say it already. */
function keyboardTime(model: ProcessViewModel, words: RowWords): string {
  const isMarked = isTypedHere(model) && isYours(model);
  const { heldBytes } = model.keyboard;
  if (!isMarked) return keyboardWords(model, words);
  return heldBytes === null ? '' : words.held(heldBytes);
}

function isTypedHere({ keyboard, state }: ProcessViewModel): boolean {
  return state === 'running' && keyboard.taken && !keyboard.takenElsewhere;
}

/** Who has the keyboard, if that is not the agent. */
export function keyboardWords({ keyboard, state }: ProcessViewModel, words: RowWords): string {
  const { taken, takenElsewhere, heldBytes } = keyboard;
  if (state === 'running' && takenElsewhere) return words.keyboardElsewhere();
  return state === 'running' && (taken || heldBytes !== null) ? words.keyboard(taken, heldBytes) : '';
}
