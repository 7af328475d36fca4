/** Types of install-codex.mjs. */
export const CODEX_VERSION: string;
export function cacheRoot(env?: NodeJS.ProcessEnv): string;
export function findProgram(folder: string): string | undefined;
export function ensureCodex(): Promise<string>;
