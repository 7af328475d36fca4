import * as vscode from 'vscode';
import { logLine, type Logger } from '../../server/logger';

/** The extension's channel in the output panel: one line for each thing it is told, whoever wrote its words. */
export interface Log extends Logger {
  /** Brings it to the front. */
  show(): void;
  dispose(): void;
}

export function createLog(name: string): Log {
  const channel = vscode.window.createOutputChannel(name, { log: true });
  return {
    debug: (message) => channel.debug(logLine(message)),
    info: (message) => channel.info(logLine(message)),
    warn: (message) => channel.warn(logLine(message)),
    error: (message) => channel.error(logLine(message)),
    show: () => channel.show(),
    dispose: () => channel.dispose(),
  };
}
