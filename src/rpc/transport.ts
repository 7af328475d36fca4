/** Why a connection was ended, as a WebSocket close code (RFC 6455, 7.4.1). */
export const CloseCode = {
  goingAway: 1001,
  protocolError: 1002,
  /** A rule of ours was broken, or the token has changed. */
  policy: 1008,
  tooBig: 1009,
} as const;

/** Why a connection was ended, as a WebSocket close code (RFC 6455, 7.4.1). */
export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

/** Carries whole messages both ways, in order. */
export interface Transport {
  /** The peer's address, for error texts and the log. */
  readonly peerName: string;
  /** How the answer to a message that makes no sense begins; a colon and the fault follow. */
  readonly malformedPrefix: string;
  /** Bytes accepted by `send` that the operating system has not taken yet. */
  readonly unsentBytes: number;
  /** Bytes as UTF-8 text. Messages after a close are dropped. */
  send(message: string | Buffer): void;
  /** Stops or goes on reading from the peer. */
  setReading(reading: boolean): void;
  /** Whether the peer gives a sign of life within so many milliseconds. Absent where nobody can be asked. */
  isAlive?(withinMs: number): Promise<boolean>;
  /** Ends the connection; may be called again. */
  close(code: CloseCode, reason: string): void;
}

/** What a transport tells its owner. */
export interface TransportEvents {
  /** One message; bytes are not known to be UTF-8 yet. */
  message(data: Buffer): void;
  /** Some bytes have left; `unsentBytes` is smaller than before. */
  drained(): void;
  /** These bytes of a message have left, and are not looked at any more. Not every transport tells. */
  sent?(message: Buffer): void;
  /** Once, whoever ended it. */
  closed(code: number, reason: string): void;
}
