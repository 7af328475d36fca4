import type { Duplex } from 'node:stream';
import { Channel, type ChannelEvents } from '../channel';
import type { Asked, RowVerb, ServerVerb, Told } from '../messages';

/** The words for whoever waits for an answer of a server that is gone. */
const GONE = 'The kept server is gone.';

type Question = (RowVerb & { readonly key: string }) | ServerVerb;

/** Asks a kept server, and hands on what it tells besides answers. */
export class KeptLink {
  private readonly channel: Channel<Asked, Told>;
  private readonly waiting = new Map<
    number,
    { resolve: (result: unknown) => void; reject: (error: Error) => void }
  >();
  private readonly heldBy = new Set<object>();
  private lastId = 0;
  private isGone = false;

  /** @param stream the link's from now on */
  constructor(stream: Duplex, events: ChannelEvents<Told>) {
    this.channel = new Channel<Asked, Told>(stream, {
      message: (told, body) => {
        if (told.type === 'answer') this.answered(told);
        else events.message(told, body);
      },
      closed: () => {
        this.isGone = true;
        for (const { reject } of this.waiting.values()) reject(new Error(GONE));
        this.waiting.clear();
        events.closed();
      },
    });
  }

  /**
   * Resolves with the answer. Rejects with the server's sentence, or when it is gone.
   *
   * @param body not to be changed before `left`
   * @param left called when it has left, or never will
   */
  ask(question: Question, body?: Uint8Array, left?: () => void): Promise<unknown> {
    if (this.isGone) {
      left?.();
      return Promise.reject(new Error(GONE));
    }
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.channel.send({ id, ...question }, body, left);
    });
  }

  /** While anybody holds it back nothing is read. */
  holdBack(who: object, held: boolean): void {
    if (held) this.heldBy.add(who);
    else this.heldBy.delete(who);
    this.channel.holdBack(this.heldBy.size > 0);
  }

  /** Leaves the server, which goes on. Resolves when that is done. */
  close(): Promise<void> {
    return this.channel.close();
  }

  private answered({ id, result, error }: Extract<Told, { type: 'answer' }>): void {
    const question = this.waiting.get(id);
    this.waiting.delete(id);
    if (error !== undefined) question?.reject(new Error(error));
    else question?.resolve(result);
  }
}
