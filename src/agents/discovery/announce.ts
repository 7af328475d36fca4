import { discoveryFolder } from './folder';
import { listenPrivately, type PrivateSocket, type PrivateSocketOptions } from './privateSocket';
import { publish, type Announcement } from './publish';
import type { WindowRecord } from './record';

export interface AnnounceOptions
  extends
    Pick<WindowRecord, 'kind' | 'name' | 'folders' | 'kept'>,
    Pick<PrivateSocketOptions, 'doors' | 'refused'> {
  /** Where the records lie; those of this person when absent. */
  readonly windows?: string;
}

type Said = Pick<AnnounceOptions, 'kind' | 'name' | 'folders' | 'windows'>;

/** A window, or a server of the command line, that programs of this person find by its folders. */
export interface Announced {
  /** Where it listens. */
  readonly socket: string;
  /**
   * The workspace has other folders now.
   *
   * @throws Error of the system when that cannot be written
   */
  update(folders: readonly string[]): void;
  /**
   * All who were connected have been dropped, and may come again.
   *
   * @throws Error of the system when that cannot be written
   */
  droppedAll(): void;
  /** Nobody finds it any more; who is connected is dropped. May be called again. */
  close(): Promise<void>;
  /** Removes what is on disk, in this turn: for the last moment of a process. */
  removeNow(): void;
}

/** Listens on a private socket and tells where. Rejects when either cannot be done. */
export async function announce(options: AnnounceOptions): Promise<Announced> {
  const { kind, name, folders, kept, doors, refused, windows = discoveryFolder().windows } = options;
  const listening = await listenPrivately({ folder: windows, doors, refused });
  try {
    return told({ windows, kind, name, folders, kept }, listening);
  } catch (error) {
    await listening.close();
    throw error;
  }
}

/**
 * Tells that programs which look for this window are to go to a server that outlives it.
 *
 * @throws Error of the system when it cannot
 */
export function pointTo(socket: string, options: Said): Announced {
  return elsewhere(socket, options);
}

/**
 * Tells programs which look for this window that its server is off.
 *
 * @param socket where it listened
 * @throws Error of the system when it cannot
 */
export function tellOff(socket: string, options: Said): Announced {
  return elsewhere(socket, { ...options, off: true });
}

function elsewhere(address: string, said: Said & Pick<Announcement, 'off'>): Announced {
  const stays = { address, close: () => Promise.resolve(), removeNow: () => undefined };
  return told({ windows: discoveryFolder().windows, ...said }, stays);
}

function told(said: Omit<Announcement, 'socket'>, listening: PrivateSocket): Announced {
  const record = publish({ ...said, socket: listening.address });
  let closed: Promise<void> | undefined;
  return {
    socket: listening.address,
    update: (now) => record.update(now),
    droppedAll: () => record.droppedAll(),
    close: () => {
      record.remove();
      return (closed ??= listening.close());
    },
    removeNow: () => {
      record.remove();
      listening.removeNow();
    },
  };
}
