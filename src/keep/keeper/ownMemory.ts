import { Socket, type OnReadOpts } from 'node:net';

/** The most that is read at once. */
const READ_BYTES = 64 * 1024;

/** What a socket has besides its types. */
interface WithHandle {
  _handle?: object | null;
}

/**
 * Goes on with a connection in memory of ours, which is overwritten at once: Node frees what it has read into with all
 * that is in it, and a person's secret would stay in there.
 *
 * @param socket paused, with nothing under way; it lives and ends with what is returned
 */
export function readIntoOwnMemory(socket: Socket): Socket {
  const { _handle: handle } = socket as WithHandle;
  if (!handle) return socket;
  const early = socket.read() as Buffer | null;
  (socket as WithHandle)._handle = null;
  const onread: OnReadOpts = {
    buffer: Buffer.allocUnsafeSlow(READ_BYTES),
    callback: (count, buffer) => {
      const chunk = Buffer.allocUnsafeSlow(count);
      chunk.set(buffer.subarray(0, count));
      buffer.fill(0, 0, count);
      return own.push(chunk);
    },
  };
  // Node has no public way to choose the memory of a socket that was accepted.
  const options = { handle, onread, allowHalfOpen: true, manualStart: true };
  const own: Socket = new Socket(options);
  if (early) own.unshift(early);
  own.once('close', () => socket.destroy());
  socket.once('close', () => own.destroy());
  return own;
}
