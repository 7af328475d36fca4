import type { ManagedProcess, WriteStatus } from '../../environment';

/**
 * Types what a person has answered, with Enter behind it. Rejects as `ManagedProcess.type` does.
 *
 * @param isSecret nobody is to know how much it is
 */
export function typeLine(process: ManagedProcess, text: string, isSecret: boolean): Promise<WriteStatus> {
  // Not joined first: a string stays in memory until it is collected, and this is overwritten.
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text) + 1);
  bytes.write(text);
  bytes.write(process.spec.tty ? '\r' : '\n', bytes.length - 1);
  return process.type(bytes, isSecret || undefined);
}
