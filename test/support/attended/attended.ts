import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';

/** What the person of such a window does. */
export interface PersonsAct {
  /** How it is typed: as bytes, key by key, pasted, or from a box for passwords, which puts Enter behind it. */
  readonly act:
    | 'type'
    | 'keys'
    | 'paste'
    | 'box'
    | 'takeOver'
    | 'giveBack'
    | 'kill'
    /** Sets its date. */
    | 'clock'
    /** Collects garbage. */
    | 'collect'
    /** As when a window closes in order. */
    | 'close';
  /** The key of the command it is done to; the newest when absent. */
  readonly row?: string;
  /** Milliseconds since 1970. */
  readonly ms?: number;
}

/** A program that hosts as a window does, see host.ts. */
export class AttendedHost implements AsyncDisposable {
  private constructor(
    readonly child: ChildProcess,
    readonly url: string,
    private readonly answers: AsyncIterator<string>,
  ) {}

  /**
   * Resolves once agents can connect.
   *
   * @param folder of everything that it writes
   * @param now its date, which then stands still; the real one when absent
   */
  static async start(folder: string, now?: number): Promise<AttendedHost> {
    const argv = ['--expose-gc', '--import', 'tsx', path.join(import.meta.dirname, 'host.ts'), folder];
    const child = spawn(process.execPath, now === undefined ? argv : [...argv, String(now)], {
      stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
    });
    const answers = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
    const { value } = (await answers.next()) as { value?: string };
    if (value === undefined) throw new Error('the host did not start');
    return new AttendedHost(child, (JSON.parse(value) as { url: string }).url, answers);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Resolves when it is done. The text is typed. */
  async does(act: PersonsAct, text = ''): Promise<void> {
    const [json, bytes] = [Buffer.from(JSON.stringify(act)), Buffer.from(text)];
    const header = Buffer.alloc(8);
    header.writeUInt32LE(json.length, 0);
    header.writeUInt32LE(bytes.length, 4);
    (this.child.stdio[3] as Writable).write(Buffer.concat([header, json, bytes]));
    if ((await this.answers.next()).done) throw new Error(`the host ended at ${act.act}`);
  }

  /** Without a word. */
  async killed(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.killed();
  }
}
