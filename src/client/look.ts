import type { Listening, Look, Member } from '../model';
import { isObject } from '../values';

/**
 * Reads an answer to `process/members` (docs/protocol/extensions.md#processmembers); what makes no sense in it is left out.
 *
 * @throws Error with a sentence where nothing of it does
 */
export function readLook(result: unknown): Look {
  if (!isObject(result) || !Array.isArray(result['members']))
    throw new Error('the server’s answer to process/members makes no sense');
  const { ports } = result;
  return {
    members: (result['members'] as unknown[]).flatMap(memberOf),
    ports: Array.isArray(ports) ? (ports as unknown[]).flatMap(portOf) : [],
  };
}

function memberOf(value: unknown): Member[] {
  if (!isObject(value)) return [];
  const { pid, command, usage } = value;
  if (!isCount(pid) || typeof command !== 'string') return [];
  return [{ pid, command, usage: isObject(usage) ? usageOf(usage) : undefined }];
}

function usageOf({ cpuMs, memoryBytes }: Readonly<Record<string, unknown>>): Member['usage'] {
  return isCount(cpuMs) && isCount(memoryBytes) ? { cpuMs, memoryBytes } : undefined;
}

function portOf(value: unknown): Listening[] {
  if (!isObject(value) || !isCount(value['port'])) return [];
  return [{ port: value['port'], isOpenToOthers: value['isOpenToOthers'] === true }];
}

function isCount(value: unknown): value is number {
  return Number.isFinite(value) && (value as number) >= 0;
}
