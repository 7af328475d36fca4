/** Descriptors of the masters of all terminals that are open in this process. */
export const openTerminals = new Set<number>();
