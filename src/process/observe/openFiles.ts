import { readlinkSync } from 'node:fs';
import { readProc } from './procFiles';

interface Limits {
  readonly soft: number;
  readonly hard: number;
}

/**
 * How many open files programs may have that ask for no more, as it was before Node raised that for itself: many
 * close, or make room for, as many as there may be. Undefined where nothing was raised.
 */
export function originalOpenFiles(): number | undefined {
  const own = limitsOf('self');
  // A Node that starts a Node hands on what it has raised.
  for (let pid = parentOf('self'); own && pid !== undefined && pid > 0; pid = parentOf(String(pid))) {
    if (programOf(String(pid)) === programOf('self')) continue;
    const before = limitsOf(String(pid));
    return before?.hard === own.hard && before.soft < own.soft ? before.soft : undefined;
  }
  return undefined;
}

function limitsOf(pid: string): Limits | undefined {
  const [, soft, hard] = /^Max open files +(\d+) +(\d+)/m.exec(readProc(`/proc/${pid}/limits`)) ?? [];
  return soft === undefined ? undefined : { soft: Number(soft), hard: Number(hard) };
}

function parentOf(pid: string): number | undefined {
  const [, parent] = /^PPid:\s+(\d+)$/m.exec(readProc(`/proc/${pid}/status`)) ?? [];
  return parent === undefined ? undefined : Number(parent);
}

function programOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return pid;
  }
}
