import { stripVTControlCharacters } from 'node:util';

/** A sequence whose end has not come yet; longer ones are no sequence. */
const UNFINISHED = /(?:\x1b(?:\[[0-?]*[ -/]*|[P\]X^_][^\x07\x1b]*\x1b?|[ -/]*)?|\r)$/;
const LONGEST_SEQUENCE = 4096;

/** Lines without what moves and colours: of no use to a model, and dear. */
export function plain(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\t\n]/gu, '');
}

/** Parts what can be made plain now from the beginning of a sequence at its end. */
export function splitUnfinished(text: string): { whole: string; rest: string } {
  const tail = text.slice(-LONGEST_SEQUENCE);
  const rest = UNFINISHED.exec(tail)?.[0] ?? '';
  return { whole: text.slice(0, text.length - rest.length), rest };
}
