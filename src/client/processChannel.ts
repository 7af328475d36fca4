import { setTimeout as sleep } from 'node:timers/promises';
import { execServer, RpcError } from '../protocol';
import { READ_PAGE_BYTES } from './bounds';
import type { PendingRequest, OnDisconnect } from './pendingRequests';
import { DISCONNECTED, DisconnectedError } from './errors';
import { EventOrder } from './eventOrder';
import type { ExecProcessEvent, Waiting, ProcessEvent } from '../model';
import { readPage, type ReadAnswer } from './notifications';
import { messageOf } from '../values';

/** How long an event may come after a later one before it is asked for, in ms. */
const GAP_MS = 100;
/** Pause between looks at a process that the server is still starting, in ms. */
const STARTING_MS = 100;

/** What a channel needs of its client. */
export interface ChannelHost {
  call(method: string, params: unknown, ifLost: OnDisconnect): Promise<unknown>;
  /** No event will come any more. */
  ended(channel: ProcessChannel): void;
}

/**
 * Everything that a server tells about one process, from before its start. Notifications may be missing after the
 * connection was replaced; they are fetched by `process/read` then, so that its owner gets each event once.
 */
export class ProcessChannel {
  private readonly order: EventOrder;
  /** The first event that came by notification on the present connection. */
  private liveFrom: number | undefined;
  private catchingUp = false;
  private gapTimer: NodeJS.Timeout | undefined;

  constructor(
    readonly processId: string,
    private readonly host: ChannelHost,
    /** The start until it is answered. */
    private starting: PendingRequest | undefined,
    deliver: (event: ExecProcessEvent) => void,
    /** Told what the process needs, where the server tells. */
    readonly needs: (needed: Waiting | null) => void = () => undefined,
  ) {
    this.order = new EventOrder((event) => {
      deliver(event);
      if (event.type === 'closed' || event.type === 'failed') host.ended(this);
    });
  }

  get hasExited(): boolean {
    return this.order.exited || this.order.closed;
  }

  started(): void {
    this.starting = undefined;
  }

  take(event: ProcessEvent): void {
    this.liveFrom = Math.min(this.liveFrom ?? Infinity, event.seq);
    this.order.take(event);
    if (!this.order.hasGap || this.gapTimer || this.catchingUp) return;
    this.gapTimer = setTimeout(() => {
      this.gapTimer = undefined;
      if (this.order.hasGap && !this.starting) void this.catchUp();
    }, GAP_MS).unref();
  }

  /** Another connection has taken the place of the old one. */
  reattached(): void {
    this.liveFrom = undefined;
    // A start that has not gone out yet goes out now, and nothing was missed.
    if (!this.starting || this.starting.isLost) void this.catchUp();
  }

  fail(message: string): void {
    clearTimeout(this.gapTimer);
    this.order.fail(message);
  }

  /** Fetches what was missed. Never rejects: what cannot be fetched is told to the owner. */
  private async catchUp(): Promise<void> {
    if (this.catchingUp) return;
    this.catchingUp = true;
    try {
      let page: ReadAnswer;
      let afterSeq = this.order.lastSeq;
      do {
        page = await this.read(afterSeq);
        this.starting?.resolve({ processId: this.processId });
        this.absorb(page);
        afterSeq = page.nextSeq - 1;
      } while (!this.isWhole(page, afterSeq));
    } catch (error) {
      this.gone(error);
    } finally {
      this.catchingUp = false;
    }
  }

  private absorb(page: ReadAnswer): void {
    for (const chunk of page.chunks) this.order.take({ type: 'output', ...chunk });
    const { nextSeq, exitCode, closed } = page;
    const isLast = page.chunks.length === 0;
    if (page.needed !== undefined) this.needs(page.needed);
    // Until the last page a number without output may be that of the exit.
    if (isLast) this.order.settle({ nextSeq, exitCode, closed });
    else if (!page.exited || this.order.knowsExit) {
      this.order.settle({ nextSeq, exitCode: null, closed: false });
    }
  }

  /** Whether everything is there, or comes by notification. */
  private isWhole(page: ReadAnswer, afterSeq: number): boolean {
    if (page.chunks.length === 0 || this.order.closed) return true;
    if (page.exited && !this.order.knowsExit) return false;
    return this.liveFrom !== undefined && afterSeq >= this.liveFrom - 1 && !this.order.hasGap;
  }

  private async read(afterSeq: number): Promise<ReadAnswer> {
    const params = { processId: this.processId, afterSeq, maxBytes: READ_PAGE_BYTES, waitMs: 0 };
    for (;;) {
      try {
        return readPage(await this.host.call(execServer.processes.read.name, params, 'repeat'));
      } catch (error) {
        if (!(error instanceof RpcError) || !/is starting$/.test(error.message)) throw error;
        await sleep(STARTING_MS);
      }
    }
  }

  private gone(error: unknown): void {
    const reason = messageOf(error);
    if (error instanceof DisconnectedError) return;
    const { processId } = this;
    this.starting?.reject(
      new DisconnectedError(`${DISCONNECTED} before process ${processId} was started; it does not run`),
    );
    this.fail(`${DISCONNECTED}: the server does not know process ${processId} any more (${reason})`);
  }
}
