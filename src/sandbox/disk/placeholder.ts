/**
 * Seconds since 1970. An empty folder that was changed last at this moment is one that a running sandbox, of whichever
 * host on this machine, needs at a name that must not come into being. Whoever puts something into it changes the time,
 * and it is a folder like others. Even, for file systems that count in two seconds.
 */
export const PLACEHOLDER_TIME = 1_000_000_000;

/** Whether what has been found is a placeholder. */
export function isPlaceholder(stats: { readonly kind: string; readonly mtimeNs: bigint }): boolean {
  return stats.kind === 'directory' && stats.mtimeNs === BigInt(PLACEHOLDER_TIME) * 1_000_000_000n;
}
