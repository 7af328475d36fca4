import { ConfigurationTarget, workspace } from 'vscode';
import type { SandboxPolicy } from '../environment';
import type { Reach } from '../agents/tools/tool';
import type { ScreenOptions } from '../screen/messages';

/** Lines that are drawn above a screen; more are found in the whole output. */
const MAX_SCROLLBACK = 20_000;

export type WatchTerminals = 'off' | 'agents' | 'all';
export type Reveal = 'never' | 'onStart' | 'onError';

type DefaultSandbox = 'off' | 'read-only' | 'workspace-write' | 'workspace-write-network';

/** The settings as they are now. */
export const settings = {
  port: (): number => get('port', 0),
  autoStart: (): boolean => get('autoStart', true),
  reveal: (): Reveal => get<Reveal>('reveal', 'never'),
  retainedBytes: (): number => get('retainedBytesPerProcess', 1024 * 1024),
  spilledBytes: (): number => get('spilledBytesPerProcess', 256 * 1024 * 1024),
  spilledBytesTotal: (): number => get('spilledBytesTotal', 1024 * 1024 * 1024),
  /** The most that the time-line of what happened takes on disk, in bytes. */
  recordBytes: (): number => get('recordBytes', 8 * 1024 * 1024),
  keepRunning: (): boolean => get('keepRunning', false),
  /** After the last window has left, in ms. */
  keepRunningIdleMs: (): number => get('keepRunningIdle', 10) * 60_000,
  /** For how long, and how often in that time, a lost machine is connected to again, in ms. */
  reconnectMs: (): number => get('reconnectMinutes', 10) * 60_000,
  reconnectPauseMs: (): number => get('reconnectSeconds', 10) * 1000,
  defaultSandbox,
  watchTerminals: (): WatchTerminals => get<WatchTerminals>('watchTerminals', 'off'),
  typingTakesOver: (): boolean => get('typingTakesOver', true),
  toolsReach: (): Reach => get<Reach>('tools.reach', 'own'),
  terminalVariables: (): boolean => get('terminalVariables', false),
  maxProcesses: (): number => get('maxProcesses', 1024),
};

/** How the editor's terminals are set up, as far as what they show depends on it. */
export function terminalLooks(): Pick<ScreenOptions, 'scrollback' | 'tabStopWidth' | 'unicodeVersion'> {
  const terminal = workspace.getConfiguration('terminal.integrated');
  return {
    scrollback: Math.min(terminal.get('scrollback', 1000), MAX_SCROLLBACK),
    tabStopWidth: terminal.get('tabStopWidth', 8),
    unicodeVersion: terminal.get<'6' | '11'>('unicodeVersion', '11') === '6' ? '6' : '11',
  };
}

/** What commands may do that ask for no sandbox; undefined for everything. */
function defaultSandbox(): SandboxPolicy | undefined {
  const mode = get<DefaultSandbox>('defaultSandbox', 'off');
  if (mode === 'off') return undefined;
  if (mode === 'read-only') return { mode };
  const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const workspaceRoots = folders.map(({ uri }) => uri.fsPath);
  return { mode: 'workspace-write', workspaceRoots, network: mode === 'workspace-write-network' };
}

function get<T>(name: string, fallback: T): T {
  return workspace.getConfiguration('execServer').get<T>(name, fallback);
}

/** Entries of `execServer.environments` as they are written, from the person's own settings only. */
export function readEnvironments(): readonly unknown[] {
  const value = rawEnvironments();
  return Array.isArray(value) ? value : [];
}

/** The person's setting `execServer.environments`, whatever type of value it has; an empty list when absent. */
export function rawEnvironments(): unknown {
  return workspace.getConfiguration('execServer').inspect<unknown>('environments')?.globalValue ?? [];
}

export async function writeEnvironments(entries: readonly unknown[]): Promise<void> {
  const value = entries.length ? entries : undefined;
  await workspace.getConfiguration('execServer').update('environments', value, ConfigurationTarget.Global);
}
