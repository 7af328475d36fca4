/**
 * A window's house without the window: table, server, time-line, log and files, put together as the extension does.
 * What its person does comes by descriptor 3. Argument: the folder of everything that it writes.
 */
import { appendFileSync, mkdirSync, read } from 'node:fs';
import path from 'node:path';
import { mock } from 'node:test';
import { promisify } from 'node:util';
import { logDeed } from '../../../src/editor/history/logDeed';
import { typeLine } from '../../../src/editor/keyboard/typedLine';
import { TerminalInput } from '../../../src/editor/terminal/terminalInput';
import type { ManagedProcess } from '../../../src/environment';
import { createHub } from '../../../src/hub';
import { Journal, Recorder, type Deed } from '../../../src/record';
import { describeEnvironment, ExecServer, lookAround } from '../../../src/server';
import type { PersonsAct } from './attended';

const PERSON = 3;
const HEADER_BYTES = 8;

const folder = process.argv[2] ?? '';
mkdirSync(folder, { recursive: true });
const line = (message: string): void => appendFileSync(path.join(folder, 'log.txt'), `${message}\n`);
const log = {
  debug: line,
  info: line,
  warn: line,
  error: line,
  show: () => undefined,
  dispose: () => undefined,
};

const hub = createHub({
  attended: true,
  warn: line,
  limits: { retainedBytesPerProcess: 16 * 1024, spilledBytesPerProcess: 64 * 1024 * 1024 },
  spill: { folder: path.join(folder, 'output'), onTrouble: line },
});
const journal = new Journal({
  folder: path.join(folder, 'happened'),
  limit: () => 8_000_000,
  onTrouble: line,
});
const note = (deed: Deed): void => {
  journal.note(deed);
  logDeed(log, deed);
};
const recorder = new Recorder(hub.table, note);

/** Reads exactly so many bytes, into memory of their own. */
async function take(bytes: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(bytes);
  for (let at = 0; at < bytes;) {
    const { bytesRead } = await promisify(read)(PERSON, buffer, at, bytes - at, null);
    if (bytesRead === 0) process.exit(0);
    at += bytesRead;
  }
  return buffer;
}

async function act({ act: what, row, ms = 0 }: PersonsAct, bytes: Buffer): Promise<void> {
  if (what === 'clock') {
    mock.timers.setTime(ms);
    return;
  }
  if (what === 'collect') return globalThis.gc?.();
  if (what === 'close') return close();
  const target = row === undefined ? hub.list().at(-1) : hub.get(row);
  if (!target) throw new Error(`no row ${row}`);
  if (what === 'takeOver') target.keyboard.takeOver();
  else if (what === 'giveBack') target.keyboard.giveBack();
  else if (what === 'kill') await target.stop({ from: 'kill', by: 'person' });
  else if (what === 'type') await target.type(bytes);
  else await typeAsInEditor(target, what, bytes);
}

/** The editor brings keys and pasted text as strings, and so does its box for passwords. */
async function typeAsInEditor(
  target: ManagedProcess,
  what: 'keys' | 'paste' | 'box',
  bytes: Buffer,
): Promise<void> {
  if (what === 'box') await typeLine(target, bytes.toString(), true);
  else {
    const nothing = (): void => undefined;
    const input = new TerminalInput({
      target,
      echo: nothing,
      closedHint: nothing,
      lostHint: nothing,
      elsewhereHint: nothing,
      close: nothing,
    });
    if (what === 'paste') input.handle(bytes.toString());
    else for (const key of bytes) input.handle(String.fromCharCode(key));
  }
  bytes.fill(0);
}

async function close(): Promise<void> {
  recorder[Symbol.dispose]();
  note({ kind: 'closed' });
  await journal.flushed();
}

void (async () => {
  // The clock stands still until the test moves it; timers go on.
  if (process.argv[3] !== undefined) mock.timers.enable({ apis: ['Date'], now: Number(process.argv[3]) });
  note({ kind: 'opened' });
  const surroundings = await lookAround();
  const server = await ExecServer.listen({
    host: '127.0.0.1',
    port: 0,
    auth: { type: 'token' },
    backend: hub.local,
    environmentInfo: () => describeEnvironment({ executorVersion: '0', surroundings }),
    log,
    happened: note,
  });
  server.on('clients', () => recorder.seeClients(server.clients));
  process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
  for (;;) {
    const header = await take(HEADER_BYTES);
    const deed = JSON.parse((await take(header.readUInt32LE(0))).toString()) as PersonsAct;
    await act(deed, await take(header.readUInt32LE(4)));
    process.stdout.write(`${JSON.stringify({ done: deed.act, rows: hub.list().length })}\n`);
  }
})();
