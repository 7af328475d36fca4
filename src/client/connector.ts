// Not by the room's index: these are published types, and that one needs those of the ws package.
import type { Transport, TransportEvents } from '../rpc/transport';

/** A way to reach one exec-server. */
export interface Connector {
  /** Where it leads, for people; without any secret. */
  readonly target: string;
  /** Whether a second connection reaches the same server, which may still know the session. */
  readonly resumes: boolean;
  /** Messages before the server's first answer that are none are passed over: some programs print a banner. */
  readonly allowsBanner: boolean;
  /**
   * Opens a transport. Rejects with a ConnectError that says what happened and what to do; when `signal` is
   * aborted, whatever was begun is undone.
   */
  open(events: TransportEvents, signal: AbortSignal): Promise<Transport>;
  /** Why nothing came of what was opened, where it has said that itself, in whole sentences. */
  readonly verdict?: string | undefined;
  /** Calls back whenever what was opened shows that it is still on its way to its first answer. */
  onSign?(listener: () => void): void;
  /** Told when the server has answered the handshake: nothing that was printed before it ends the connection. */
  greeted?(): void;
  /** Ends what `open` has started beside its transport; resolves when that is gone. */
  end?(): Promise<void>;
}
