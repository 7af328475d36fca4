import { appServer, Base64Error, decodeBase64, invalidParams, invalidRequest } from '../../../protocol';
import { handler } from '../methods';
import { activeProcess, notRunning } from './activeProcess';
import type { AppServerCall } from './call';

const NEITHER = 'process/writeStdin requires deltaBase64 or closeStdin';

/** `process/writeStdin`: writes, then closes. docs/protocol/app-server.md#processwritestdin. */
export const stdinHandler = handler(appServer.processes.writeStdin, async (params, call: AppServerCall) => {
  const { processHandle, deltaBase64, closeStdin } = params;
  if (deltaBase64 === undefined && !closeStdin) throw invalidParams(NEITHER);
  const delta = deltaBase64 === undefined ? undefined : decode(deltaBase64);
  const { entry, traits } = await activeProcess(processHandle, call);
  if (!traits.streamStdin) throw invalidRequest('stdin streaming is not enabled for this process');
  if (delta && traits.stdinClosed) throw invalidRequest('stdin is already closed');
  const { process } = entry;
  if (!process || entry.hasExited) throw notRunning(processHandle);
  const written = delta ? entry.write(process, delta) : undefined;
  if (closeStdin && !traits.stdinClosed) {
    traits.stdinClosed = true;
    await entry.closeStdin(process);
  }
  if ((await written) === 'stdinClosed') throw notRunning(processHandle);
  return {};
});

function decode(deltaBase64: string): Buffer {
  try {
    return decodeBase64(deltaBase64);
  } catch (error) {
    if (!(error instanceof Base64Error)) throw error;
    throw invalidParams(`invalid deltaBase64: ${error.message}`);
  }
}
