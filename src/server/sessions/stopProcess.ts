import type { StopOptions } from '../../environment';
import type { HostProcess } from '../backend';
import type { Logger } from '../logger';

/** Ends a process by the ladder; whatever goes wrong is told in the log. Never rejects. */
export async function stopProcess(process: HostProcess, options: StopOptions, log: Logger): Promise<void> {
  try {
    for (const { pid, command } of await process.stop(options)) {
      log.warn(`process ${pid} (${command}) outlived every signal`);
    }
  } catch (error) {
    log.error(`a process could not be stopped: ${String(error)}`);
  }
}
