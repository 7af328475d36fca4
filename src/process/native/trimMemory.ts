import { checkedLibc } from './checkedLibc';
import type { Call } from './libc';

let trim: Call | null | undefined;

/**
 * Gives memory that is free in the C library's own keeping back to the system, where it does not do so by itself: after
 * many pieces of some KB it keeps all of it. Nothing happens where there is no such call.
 */
export function trimMemory(): void {
  if (process.platform !== 'linux') return;
  trim ??= find() ?? null;
  trim?.(0);
}

/** The call, which only the GNU library has. */
function find(): Call | undefined {
  const native = checkedLibc();
  return 'libc' in native ? native.libc.find('int malloc_trim(size_t keep)') : undefined;
}
