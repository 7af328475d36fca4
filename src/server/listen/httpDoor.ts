import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ClientInfo } from '../connections';

/** Another protocol on the same port: its requests pass the same gate, and its clients are shown with the others. */
export interface HttpDoor {
  /** The exact path of its requests; begins with a slash. */
  readonly path: string;
  readonly clients: readonly ClientInfo[];
  /** Calls `listener` when `clients` has changed; returns the way to stop. */
  onDidChange(listener: () => void): () => void;
  /**
   * Answers a request that may come in. Never rejects.
   *
   * @param hold counts bytes of the request as held until it has been answered; throws where there is no room for them
   */
  handle(request: IncomingMessage, response: ServerResponse, hold: (bytes: number) => void): Promise<void>;
  /** Ends the connection of one of its clients and what it runs, by the ladder; without effect on others. */
  disconnect(id: string): Promise<void>;
  /** Forgets its clients and ends what they run, by the ladder. */
  end(): Promise<void>;
}
