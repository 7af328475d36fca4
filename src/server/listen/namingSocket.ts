import { WebSocket } from 'ws';
import { CloseCode } from '../../rpc';
import type { ServerLimits } from '../limits';

/** A WebSocket whose close frame names the bound where the library itself ends it, which says no more than a code. */
export function namingSocket(limits: ServerLimits): typeof WebSocket {
  const { messageBytes, messageFragments, messagePieces } = limits;
  const reasons: Readonly<Record<number, string>> = {
    [CloseCode.policy]: `a message has more than ${messageFragments} fragments, or came in more than ${messagePieces} pieces`,
    [CloseCode.tooBig]: `a message has more than ${messageBytes} bytes`,
  };
  return class extends WebSocket {
    override close(code?: number, reason?: string | Buffer): void {
      super.close(code, reason ?? reasons[code ?? 0]);
    }
  };
}
