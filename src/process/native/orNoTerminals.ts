import { SpawnError } from '../errors';
import { firstLineOf } from '../../values';

/** What `load` brings, or a SpawnError that says why there are no terminals here, and what works without them. */
export function orNoTerminals<T>(library: string, load: () => T): T {
  try {
    return load();
  } catch (error) {
    const reason = firstLineOf(error);
    throw new SpawnError(
      `Terminals (tty: true) are not available: ${library}'s binary for ${process.platform}-${process.arch} ` +
        `could not be loaded (${reason}). Processes with pipes (tty: false) work.`,
    );
  }
}
