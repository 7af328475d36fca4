/**
 * What a bash has noted at its end: the status with which it ended; null where a signal ended it, for it says that of the
 * command before then. Such a one has still a job in front, which is never the one that is marked as current.
 */
export function parseStatus(text: string): number | null {
  const lines = text.trimEnd().split('\n');
  const status = lines.pop() ?? '';
  const lastJob = lines.findLast((line) => /^\[\d+\]/.test(line));
  const wasAtWork = lastJob !== undefined && !/^\[\d+\]\s*\+/.test(lastJob);
  return wasAtWork || !/^\d{1,3}$/.test(status) ? null : Number(status);
}
