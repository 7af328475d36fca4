import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ManagedProcess } from '../process/managedProcess';
import type { ProcessOwner, TerminalSize } from '../process/types';
import { EventQueue } from './eventQueue';
import type { ExecBackend, ExecParams, ExecProcess, ReadResponse, WriteResponse } from './execBackend';
import type { LocalHostBackend } from './localHostBackend';

/** Runs processes on this machine, in the one table that people look at. */
export class LocalExecBackend implements ExecBackend {
  /** Ids of processes that have not closed. */
  readonly #taken = new Set<string>();

  /** @param owner under whom people see the processes */
  constructor(
    private readonly host: LocalHostBackend,
    private readonly owner: ProcessOwner,
  ) {}

  /** Rejects with a SpawnError (cannot be run), a LimitError (too many run), or a sentence about the params. */
  async start(params: ExecParams): Promise<{ process: ExecProcess }> {
    const { processId } = params;
    if (params.argv.length === 0) throw new Error('argv must not be empty');
    const cwd = nativePath(params.cwd);
    if (this.#taken.has(processId)) throw new Error(`process ${processId} already exists`);
    this.#taken.add(processId);
    try {
      const process = await this.host.start({ ...params, cwd, owner: this.owner });
      const attachment = process.attach(({ type }) => {
        if (type === 'closed') this.#taken.delete(processId);
      });
      if (process.closed) attachment.dispose();
      return { process: new LocalExecProcess(process) };
    } catch (error) {
      this.#taken.delete(processId);
      throw error;
    }
  }
}

/** A process of this machine's table behind the interface of all environments. */
class LocalExecProcess implements ExecProcess {
  constructor(private readonly process: ManagedProcess) {}

  get processId(): string {
    return this.process.processId;
  }

  async read(afterSeq = 0, maxBytes?: number, waitMs = 0): Promise<ReadResponse> {
    const bound = maxBytes === undefined ? {} : { maxBytes };
    return { ...(await this.process.read({ afterSeq, waitMs, ...bound })), failure: null };
  }

  async write(chunk: Uint8Array): Promise<WriteResponse> {
    return { status: await this.process.write(chunk) };
  }

  async closeStdin(): Promise<WriteResponse> {
    return { status: await this.process.closeStdin() };
  }

  signal(): Promise<void> {
    this.process.interrupt();
    return Promise.resolve();
  }

  async terminate(): Promise<void> {
    await this.process.stop({ from: 'kill', by: 'client' });
  }

  async resize(size: TerminalSize): Promise<void> {
    await Promise.resolve();
    this.process.resize(size);
  }

  subscribeWake(listener: () => void): () => void {
    return this.process.subscribeWake(listener);
  }

  subscribeEvents(): EventQueue {
    const attach = (listener: Parameters<ManagedProcess['attach']>[0]) => {
      const attachment = this.process.attach(listener);
      return () => attachment.dispose();
    };
    return new EventQueue(attach, this.process.droppedBytes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.terminate();
  }
}

/** Throws a sentence for what is no absolute path of this machine. */
function nativePath(cwd: string): string {
  const path = /^file:/i.test(cwd) ? fileURLToPath(cwd) : cwd;
  if (isAbsolute(path)) return path;
  throw new Error(`cwd must be an absolute path or a file: URL, got ${JSON.stringify(cwd)}`);
}
