import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';

/** The command line as a program: this very Node, as plain Node, with the bundle that ships. */
export function cliCommand(...args: string[]): {
  program: string;
  args: string[];
  env: Record<string, string>;
} {
  const extension = vscode.extensions.getExtension('exec-server.vscode-exec-server');
  const cli = path.join(extension?.extensionPath ?? '', 'dist', 'cli.js');
  return { program: process.execPath, args: [cli, ...args], env: { ELECTRON_RUN_AS_NODE: '1' } };
}

/** Another machine, as far as the editor can tell: an exec-server of its own behind a token that it keeps. */
export class RemoteServer {
  readonly token = randomBytes(32).toString('base64url');
  /** Where its commands run. */
  readonly folder = mkdtempSync(path.join(tmpdir(), 'exec-server-far-'));
  private child: ChildProcess | undefined;
  private port = 0;

  get url(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  /** At the same address each time. */
  async start(): Promise<void> {
    const tokenFile = path.join(this.folder, 'token');
    writeFileSync(tokenFile, this.token, { mode: 0o600 });
    const { program, args, env } = cliCommand(
      ...[
        '--listen',
        `ws://127.0.0.1:${this.port}`,
        '--ws-auth',
        'capability-token',
        '--ws-token-file',
        tokenFile,
      ],
    );
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.child = child;
    this.port = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`the exec-server ended with ${code}`)));
      let text = '';
      child.stdout.on('data', (chunk) => {
        const port = /ws:\/\/127\.0\.0\.1:(\d+)/.exec((text += String(chunk)))?.[1];
        if (port) resolve(Number(port));
      });
    });
  }

  /** Without a word to anyone, as when a machine loses its power. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
