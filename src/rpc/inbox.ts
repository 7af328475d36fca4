/** Messages of one connection that are handled in one turn of the event loop; then the others have theirs. */
const MESSAGES_A_TURN = 64;
/** Bytes of messages after which a turn is over, too; a larger message has a turn of its own. */
const BYTES_A_TURN = 1024 * 1024;

/**
 * Hands over what one connection brings, a little in each turn of the event loop, so that a client who sends a flood
 * of small messages does not make the others wait. A connection that sends less is never held up.
 */
export class Inbox {
  private waiting: Buffer[] = [];
  private next = 0;
  private messagesLeft = MESSAGES_A_TURN;
  private bytesLeft = BYTES_A_TURN;
  private turnEnds = false;
  private afterwards: (() => void) | undefined;

  /**
   * @param deliver takes one message
   * @param crowded told whether messages wait: nothing more should be read meanwhile
   */
  constructor(
    private readonly deliver: (data: Buffer) => void,
    private readonly crowded: (isCrowded: boolean) => void,
  ) {}

  /** Delivers the message now, or in a later turn behind those that wait. */
  push(data: Buffer): void {
    if (!this.isCrowded && this.hasTurn) this.take(data);
    else {
      this.waiting.push(data);
      if (this.waiting.length === 1) this.crowded(true);
    }
  }

  /** Calls `then` once everything that came before has been delivered. */
  finish(then: () => void): void {
    if (this.isCrowded) this.afterwards = then;
    else then();
  }

  /** Forgets what waits, and calls nothing any more. */
  clear(): void {
    this.waiting = [];
    this.next = 0;
    this.afterwards = undefined;
  }

  private get isCrowded(): boolean {
    return this.waiting.length > 0;
  }

  private get hasTurn(): boolean {
    return this.messagesLeft > 0 && this.bytesLeft > 0;
  }

  private take(data: Buffer): void {
    this.messagesLeft -= 1;
    this.bytesLeft -= data.length;
    if (!this.turnEnds) {
      this.turnEnds = true;
      setImmediate(() => this.newTurn());
    }
    this.deliver(data);
  }

  private newTurn(): void {
    this.turnEnds = false;
    this.messagesLeft = MESSAGES_A_TURN;
    this.bytesLeft = BYTES_A_TURN;
    if (!this.isCrowded) return;
    while (this.hasTurn) {
      const data = this.waiting[this.next++];
      if (!data) break;
      this.take(data);
    }
    if (this.next < this.waiting.length) return;
    const then = this.afterwards;
    this.clear();
    if (then) then();
    else this.crowded(false);
  }
}
