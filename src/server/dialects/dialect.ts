import type { MethodMap } from './methods';

/** How a client is spoken to on one connection. */
export interface Dialect {
  readonly methods: MethodMap;
  /**
   * Refuses a method that `methods` does not have.
   *
   * @throws RpcError in the words of this dialect
   */
  refuse(method: string): never;
  /** False for a notification that must not be sent here: the connection ends. */
  notification(method: string): boolean;
  /** Whether messages that make no sense are passed over instead of refused. */
  readonly isLenient: boolean;
  /** The connection has ended. */
  end(): void;
}
