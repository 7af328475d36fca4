import type { TerminalSize } from '../types';

/** A question that a program puts into its output, where a terminal answers it by what it types. */
export interface Question {
  /** Whether this is the answer to it. */
  readonly isAnswer: (text: string) => boolean;
  /** What a terminal says that shows nothing. */
  readonly answer: (size: TerminalSize) => string;
}

/** Those that the reference exec-server answers; others, such as those for colours and names, are a real terminal's. */
const QUESTIONS = /\x1b\[(?:([56])n|(18)t|\?(\d{1,9})\$p)/g;
/** A question that another read may complete. */
const BEGINNING = /\x1b(?:\[(?:[56]|18?|\?\d{0,9}\$?)?)?$/;
/** The longest beginning. */
const MAX_BEGINNING = '\x1b[?123456789$'.length;
const ESCAPE = 0x1b;

/** Output and the questions in it. */
export interface Sifted {
  /** Without the questions. */
  readonly rest: Buffer;
  readonly questions: readonly Question[];
}

/** Takes the questions to a terminal out of a chunk. A chunk without any is handed back itself. */
export function sift(chunk: Buffer): Sifted {
  if (!chunk.includes(ESCAPE)) return { rest: chunk, questions: [] };
  const pieces: Buffer[] = [];
  const questions: Question[] = [];
  let start = 0;
  for (const match of chunk.toString('latin1').matchAll(QUESTIONS)) {
    const [text, status, size, mode] = match;
    pieces.push(chunk.subarray(start, match.index));
    start = match.index + text.length;
    questions.push(questionOf(status ?? size ?? '', mode));
  }
  if (questions.length === 0) return { rest: chunk, questions };
  return { rest: Buffer.concat([...pieces, chunk.subarray(start)]), questions };
}

/** How many bytes at the end of the chunk may be the beginning of a question. */
export function beginningLength(chunk: Buffer): number {
  const end = chunk.subarray(-MAX_BEGINNING);
  if (!end.includes(ESCAPE)) return 0;
  return BEGINNING.exec(end.toString('latin1'))?.[0].length ?? 0;
}

function questionOf(kind: string, mode: string | undefined): Question {
  if (mode !== undefined) {
    const start = `\x1b[?${mode};`;
    return { isAnswer: (text) => text.startsWith(start), answer: () => `${start}0$y` };
  }
  if (kind === '5') return { isAnswer: (text) => text === '\x1b[0n', answer: () => '\x1b[0n' };
  if (kind === '6') {
    return { isAnswer: (text) => /^\x1b\[\d+;\d+R$/.test(text), answer: () => '\x1b[1;1R' };
  }
  return {
    isAnswer: (text) => text.startsWith('\x1b[8;'),
    answer: ({ rows, cols }) => `\x1b[8;${rows};${cols}t`,
  };
}

/** Each answer in what a terminal has sent. */
export function answersIn(text: string): string[] {
  return text.match(/\x1b\[[?\d;]*(?:\$y|[nRt])/g) ?? [];
}
