import type { ExecParams } from '../model';
import type { ManagedProcess } from '../process';
import type { ExecBackend, ExecProcess } from './execBackend';
import { TableExecProcess } from './execProcess';

/** Starts processes in a table, behind the interface of the library. */
export class TableBackend implements ExecBackend {
  /** Ids of processes that have not closed. */
  readonly #taken = new Set<string>();

  /** @param launch rejects with a SpawnError, a LimitError, or the other host's words */
  constructor(private readonly launch: (params: ExecParams) => Promise<ManagedProcess>) {}

  /** Rejects as `launch` does, and with a sentence about the params. */
  async start(params: ExecParams): Promise<{ process: ExecProcess }> {
    const { processId } = params;
    if (params.argv.length === 0) throw new Error('argv must not be empty');
    if (this.#taken.has(processId)) throw new Error(`process ${processId} already exists`);
    this.#taken.add(processId);
    try {
      const process = await this.launch(params);
      const forget = (): void => {
        if (process.closed) this.#taken.delete(processId);
      };
      process.subscribeWake(forget);
      forget();
      return { process: new TableExecProcess(process) };
    } catch (error) {
      this.#taken.delete(processId);
      throw error;
    }
  }
}
