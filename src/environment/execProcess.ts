import { DisconnectedError } from '../client';
import type { ExecProcessEvent, ProcessEvent, TerminalSize, WriteResponse } from '../model';
import { UNKNOWN_EXIT_CODE, type ManagedProcess } from '../process';
import { EventQueue } from './eventQueue';
import type { ExecProcess, ReadResponse } from './execBackend';

/** A process of a table, here or elsewhere, behind the interface of the library. */
export class TableExecProcess implements ExecProcess {
  constructor(private readonly process: ManagedProcess) {}

  get processId(): string {
    return this.process.clientProcessId;
  }

  async read(afterSeq = 0, maxBytes?: number, waitMs = 0): Promise<ReadResponse> {
    const bound = maxBytes === undefined ? {} : { maxBytes };
    const result = await this.process.read({ afterSeq, waitMs, ...bound });
    const { failure } = this;
    if (failure === null || result.exitCode !== UNKNOWN_EXIT_CODE) return { ...result, failure };
    return { ...result, exited: false, exitCode: null, failure };
  }

  async write(chunk: Uint8Array): Promise<WriteResponse> {
    return this.answer(await this.process.submit(chunk));
  }

  async closeStdin(): Promise<WriteResponse> {
    return this.answer(await this.process.submit());
  }

  signal(): Promise<void> {
    return this.process.interrupt();
  }

  async terminate(): Promise<void> {
    await this.process.stop({ from: 'kill', by: 'client' });
  }

  async resize(size: TerminalSize): Promise<void> {
    await this.process.resize(size);
  }

  subscribeWake(listener: () => void): () => void {
    return this.process.subscribeWake(listener);
  }

  subscribeEvents(): EventQueue {
    const subscribe = (listener: (event: ExecProcessEvent) => void): (() => void) => {
      const subscription = this.process.subscribe((event) => {
        const told = this.told(event);
        if (told) listener(told);
      });
      return () => subscription.dispose();
    };
    return new EventQueue(subscribe, this.process.pastBytes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.terminate();
  }

  /** Why its host cannot be asked any more. */
  private get failure(): string | null {
    return this.process.environmentId === null ? null : this.process.problem;
  }

  /** In the log every process exits and closes; of one whose host is gone that is not so. */
  private told(event: ProcessEvent): ExecProcessEvent | undefined {
    const { failure } = this;
    if (failure === null) return event;
    if (event.type === 'exited' && event.exitCode === UNKNOWN_EXIT_CODE) return undefined;
    return event.type === 'closed' ? { type: 'failed', message: failure } : event;
  }

  private answer(answer: WriteResponse): WriteResponse {
    if (answer.status !== 'accepted' && this.failure !== null) throw new DisconnectedError(this.failure);
    return answer;
  }
}
