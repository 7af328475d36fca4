import type { Waiting } from '../../model';
import type { InputLook } from '../observe/inputLook';
import type { TerminalMode } from '../types';
import type { LastLine } from './lastLine';
import {
  asksInFull,
  isBareSign,
  isCarrier,
  isInteractiveShell,
  isPagerText,
  isPromptText,
  isScreen,
  looksAsked,
  looksLikeProgress,
  wantsSecret,
} from './wording';

/** What is known of a process that has gone quiet. */
export interface QuietFacts {
  readonly line: LastLine;
  readonly tty: boolean;
  /** Undefined where there is no terminal, or the system does not tell. */
  readonly mode: TerminalMode | undefined;
  /** Undefined where the system does not tell who waits for input. */
  readonly look: InputLook | undefined;
  /** Somebody has written to it: what stands at the end may be an echo. */
  readonly written: boolean;
}

/** What a process waits for that has gone quiet; null if for nothing that somebody could type. Pure. */
export function classify(facts: QuietFacts): Waiting | null {
  const { line, look, mode } = facts;
  if (look?.wait === 'none') return null;
  if (mode && !mode.echo && mode.canonical) return waiting('secret', line.text || line.before);
  if (isAtPrompt(facts)) return waiting('prompt', line.text);
  if (isFullScreen(facts) || !asks(facts)) return null;
  const question = line.text === '' || isBareSign(line.text) ? line.before || line.text : line.text;
  // A program that draws what is typed itself does not tell whether it will.
  const secret = wantsSecret(question) && mode?.echo !== true && facts.tty;
  return waiting(secret ? 'secret' : 'input', question);
}

/** What is cut off a question: 200 characters of it are told. */
const LONGEST = /(?<=^.{200}).*$/su;

function waiting(kind: Waiting['kind'], question: string): Waiting {
  return { kind, question: question.replace(LONGEST, '') };
}

function isAtPrompt({ line, tty, mode, look }: QuietFacts): boolean {
  const prompt = isPromptText(line.text) && !(isBareSign(line.text) && asksInFull(line.before));
  if (!look?.reader || !isInteractiveShell(look.reader.argv)) return prompt;
  // Of its own lines a shell takes care itself; its `read` leaves that to the terminal.
  return prompt || !tty || mode?.canonical === false;
}

function isFullScreen({ line, mode, look }: QuietFacts): boolean {
  if (line.otherScreen || isPagerText(line.text) || isScreen(look?.reader?.name ?? '')) return true;
  return line.placed && mode?.canonical !== true;
}

function asks({ line, tty, mode, look, written }: QuietFacts): boolean {
  const { text, before, rewritten } = line;
  // Scripts ask in whole lines too: there only who reads for certain counts.
  if (text === '') return tty && look?.wait === 'reads' && mode?.canonical === true && asksInFull(before);
  if (looksLikeProgress(text)) return look?.wait === 'reads' && asksInFull(text);
  if (looksAsked(text)) return look !== undefined || !rewritten;
  // Whatever else stands at the end: only of a program that leaves the line to the terminal, and reads by itself.
  const certain = look?.wait === 'reads' || look?.wait === 'polls';
  return certain && mode?.canonical === true && !rewritten && !written && !isCarrier(look.reader?.name ?? '');
}
