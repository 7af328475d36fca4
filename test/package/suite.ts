/** What a person who installed the VSIX has: run inside an extension host, with nothing of the project beside it. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';

interface ReadReply {
  readonly chunks: readonly { readonly text: string }[];
  readonly exitCode: number | null;
}

/** Runs a command through the command API, to its end. */
async function output(tty: boolean): Promise<ReadReply> {
  const argv = ['/bin/sh', '-c', 'sleep 0.2; test -t 1 && echo terminal || echo pipe; exit 3'];
  const { processId } = await vscode.commands.executeCommand<{ processId: string }>('execServer.start', {
    argv,
    tty,
  });
  const chunks: { text: string }[] = [];
  for (let afterSeq = 0; ;) {
    const reply = await vscode.commands.executeCommand<ReadReply & { closed: boolean; nextSeq: number }>(
      'execServer.read',
      { processId, afterSeq, waitMs: 10_000 },
    );
    chunks.push(...reply.chunks);
    afterSeq = reply.nextSeq - 1;
    if (reply.closed) return { chunks, exitCode: reply.exitCode };
  }
}

const statements: Record<string, () => Promise<void>> = {
  'the extension is there and gives a connection': async () => {
    const { url } = await vscode.commands.executeCommand<{ url: string }>('execServer.getConnection');
    assert.match(url, /^ws:\/\/127\.0\.0\.1:\d+\/[\w-]{43}$/);
  },
  'a command runs in a pipe': async () => {
    const { chunks, exitCode } = await output(false);
    assert.equal(chunks.map((chunk) => chunk.text).join(''), 'pipe\n');
    assert.equal(exitCode, 3);
  },
  'a command runs in a terminal': async () => {
    const { chunks, exitCode } = await output(true);
    assert.equal(chunks.map((chunk) => chunk.text).join(''), 'terminal\r\n');
    assert.equal(exitCode, 3);
  },
};

/** The entry that VS Code calls; the runner outside trusts the file only. */
export async function run(): Promise<void> {
  const results: { title: string; state: 'passed' | 'failed'; error?: string }[] = [];
  for (const [title, statement] of Object.entries(statements)) {
    try {
      await statement();
      results.push({ title, state: 'passed' });
    } catch (error) {
      results.push({ title, state: 'failed', error: String(error) });
      console.log(`${process.env['TEST_LINE_MARK'] ?? ''}FAIL  ${title}: ${String(error)}`);
    }
  }
  const file = process.env['TEST_RESULTS'];
  if (file) writeFileSync(file, JSON.stringify({ results }));
}
