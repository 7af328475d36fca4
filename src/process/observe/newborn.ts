import { MARKS_PER_HOST, processCalls } from '../native/processCalls';
import { originalOpenFiles } from './openFiles';
import { thisMachine } from './thisMachine';

/** What tells a child from all other processes. */
export interface Newborn {
  readonly pid: number;
  /** Undefined if it is gone already. */
  readonly start: number | undefined;
  /** What all that comes of it carries from here on; 0 where the system has no such thing. */
  readonly mark: number;
}

let marked = 0;

let openFiles: { readonly original: number | undefined } | undefined;

/** Runs `start`, which starts a child before it returns, so that the child and all that comes of it carry a new mark. */
export function withNewMark<T>(start: () => T): { readonly started: T; readonly mark: number } {
  const calls = processCalls();
  if (!calls) return { started: start(), mark: 0 };
  openFiles ??= { original: originalOpenFiles() };
  const mark = nextMark();
  return { started: calls.bearing(mark, openFiles.original, start), mark };
}

/** Identifies a child. To be called before its exit is collected: until then nobody else can have its pid. */
export function newborn(pid: number, mark: number): Newborn {
  if (mark > 0) processCalls()?.keepMark(pid, mark);
  return { pid, start: thisMachine().lookup.startOfNew(pid), mark };
}

/** Numbers come again after so many starts that their first owners are gone. */
function nextMark(): number {
  const first = processCalls()?.firstMark ?? 0;
  if (first === 0) return 0;
  marked = (marked % (MARKS_PER_HOST - 1)) + 1;
  return first + marked;
}

/** The first of the marks that this process gives; 0 where the system has none. */
export function hostMark(): number {
  return processCalls()?.firstMark ?? 0;
}
