import type { ManagedProcess } from '../../environment';
import { plain, splitUnfinished } from './plain';
import { align, flush, readRange, textOf, type Decoders } from './retained';

/** About so many characters are one token of a model. */
export const CHARACTERS_PER_TOKEN = 4;

/** How far one caller has read the output of one process. */
interface Cursor {
  position: number;
  decoders: Decoders;
  /** The beginning of a control sequence. */
  rest: string;
}

/** New output for a model. */
export interface NewOutput {
  readonly text: string;
  /** Tokens of all that is new, whether it fits or not. */
  readonly tokens: number;
}

const cursors = new WeakMap<ManagedProcess, Map<string, Cursor>>();

/**
 * What a process has put out since this caller looked last, as plain text. Of more than fits the beginning and the end,
 * with words in between that say how to get at the rest.
 */
export async function takeNew(process: ManagedProcess, callerId: string, tokens: number): Promise<NewOutput> {
  const cursor = cursorOf(process, callerId);
  const { position: from } = cursor;
  // Told now: whoever asks meanwhile gets what comes then.
  const end = process.totalBytes;
  const { closed } = process;
  cursor.position = end;
  const room = tokens * CHARACTERS_PER_TOKEN;
  let text = cursor.rest;
  if (end - from <= room) {
    text += textOf(await readRange(process, from, end), from, cursor.decoders);
  } else {
    const headEnd = await align(process, from + Math.floor(room / 2));
    const tailStart = await align(process, end - Math.floor(room / 2));
    const [head, tail] = [await readRange(process, from, headEnd), await readRange(process, tailStart, end)];
    text += textOf(head, from, cursor.decoders) + leftOut(process, headEnd, tailStart);
    cursor.decoders = new Map();
    text += textOf(tail, tailStart, cursor.decoders);
  }
  if (closed) text += flush(cursor.decoders);
  const { whole, rest } = closed ? { whole: text, rest: '' } : splitUnfinished(text);
  cursor.rest = rest;
  return { text: plain(whole), tokens: Math.ceil((end - from) / CHARACTERS_PER_TOKEN) };
}

function leftOut(process: ManagedProcess, from: number, to: number): string {
  const id = process.id.slice(1);
  return `\n[… ${to - from} bytes left out: read_output with session_id ${id} and offset ${from} shows them …]\n`;
}

function cursorOf(process: ManagedProcess, callerId: string): Cursor {
  const ofProcess = cursors.get(process) ?? new Map<string, Cursor>();
  cursors.set(process, ofProcess);
  const cursor = ofProcess.get(callerId) ?? { position: 0, decoders: new Map(), rest: '' };
  ofProcess.set(callerId, cursor);
  return cursor;
}
