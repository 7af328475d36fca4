/**
 * What becomes of memory for output that nobody holds any more. `reuse`: it is used again. `fresh`: it is left to the
 * garbage collector, and all output gets new memory. `poison`: it is overwritten before it is used again, so that
 * whoever still reads it reads nonsense.
 */
export type MemoryMode = 'reuse' | 'fresh' | 'poison';

/** The variable that chooses; it is read when a table of processes or a server begins. */
export const MEMORY_VARIABLE = 'EXEC_SERVER_MEMORY';

const MODES: readonly string[] = ['reuse', 'fresh', 'poison'] satisfies MemoryMode[];

/** What the variable says; `reuse` when it is absent, and with a process warning when it says something else. */
export function memoryMode(env: Readonly<Record<string, string | undefined>> = process.env): MemoryMode {
  const value = env[MEMORY_VARIABLE] ?? '';
  if (MODES.includes(value)) return value as MemoryMode;
  if (value !== '')
    process.emitWarning(
      `${MEMORY_VARIABLE} can be ${MODES.join(', ')}, not ${JSON.stringify(value)}; memory is used again`,
    );
  return 'reuse';
}
