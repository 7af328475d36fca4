import { workspace } from 'vscode';

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
