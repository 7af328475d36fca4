import { constants } from 'node:os';

/** Shells report 128 and the signal's number of what they ran. */
const SIGNAL_BASE = 128;

/** `SIGSEGV` for 11; undefined for what is no signal here. */
export function signalName(number: number): string | undefined {
  return Object.entries(constants.signals).find(([, one]) => one === number)?.[0];
}

/** The signal that ended it, by name; else the code, with the signal that a shell means by it. */
export function exitWord(code: number, signal: number | null, words: { exit(code: number): string }): string {
  if (signal !== null) return signalName(signal) ?? words.exit(code);
  const meant = code > SIGNAL_BASE ? signalName(code - SIGNAL_BASE) : undefined;
  return meant === undefined ? words.exit(code) : `${words.exit(code)} (${meant})`;
}
