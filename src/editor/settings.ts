import { ConfigurationTarget, workspace } from 'vscode';

export type Reveal = 'never' | 'onStart' | 'onError';

/** The settings as they are now. */
export const settings = {
  port: (): number => get('port', 0),
  autoStart: (): boolean => get('autoStart', true),
  reveal: (): Reveal => get<Reveal>('reveal', 'never'),
  retainedBytes: (): number => get('retainedBytesPerProcess', 1024 * 1024),
  maxProcesses: (): number => get('maxProcesses', 1024),
};

function get<T>(name: string, fallback: T): T {
  return workspace.getConfiguration('execServer').get<T>(name, fallback);
}

/** Entries of `execServer.environments` as they are written, from the person's own settings only. */
export function readEnvironments(): readonly unknown[] {
  const value = rawEnvironments();
  return Array.isArray(value) ? value : [];
}

/** The same, whatever it is. */
export function rawEnvironments(): unknown {
  return workspace.getConfiguration('execServer').inspect<unknown>('environments')?.globalValue ?? [];
}

export async function writeEnvironments(entries: readonly unknown[]): Promise<void> {
  const value = entries.length ? entries : undefined;
  await workspace.getConfiguration('execServer').update('environments', value, ConfigurationTarget.Global);
}
