/** One connection of the fuzzer: sends frames, and sees to it that each meets its fate. */
import assert from 'node:assert/strict';
import { STEP_MS } from '../../../scripts/host/patience.mjs';
import type { Client, Message } from '../client.js';
import type { Frame } from './frames.js';
import type { Mode } from './methods.js';

/** Generous: a machine under load must not make a run fail. */
/** As many ids as the values have. */
const POOL = 12;

/** Is told each answer; throws for one that is not as declared. */
export type Seen = (method: string, answer: Message) => void;

export class Talk {
  /** Requests without an answer yet. */
  private readonly pending = new Map<string | number, Frame>();
  private readonly probes = new Map<string, () => void>();
  private malformedAnswers = 0;
  /** Answers under ids that are none of ours, and how many frames there were that may have asked for them. */
  private readonly strays: Message[] = [];
  private allowedStrays = 0;
  private probeCount = 0;
  /** The first answer that was not as it should be. */
  private failure: Error | undefined;
  private wake: () => void = () => undefined;

  constructor(
    readonly client: Client,
    private readonly mode: Mode,
    private readonly seen: Seen,
  ) {
    client.sink = (message) => this.take(message);
    void client.closed.then(() => this.wake());
  }

  /** Sends frames of which none may end the connection, and waits until it is clear that none did harm. */
  async batch(frames: readonly Frame[]): Promise<void> {
    const before = this.malformedAnswers;
    for (const frame of frames) this.send(frame);
    await this.probe();
    const expected = this.mode === 'app' ? 0 : frames.filter(({ fate }) => fate === 'malformed').length;
    assert.equal(this.malformedAnswers - before, expected, 'answers with the id -1');
    this.checkStrays();
  }

  /** Sends a frame after which the connection must end; the app-server passes over it. */
  async fatal(frame: Frame): Promise<void> {
    this.send(frame);
    if (this.mode === 'app') return this.probe();
    await this.until('the end of the connection', () => this.isClosed);
    this.checkStrays();
  }

  /** Sends a frame of unknown fate: answered somehow, passed over, or the end. */
  async any(frame: Frame): Promise<void> {
    this.allowedStrays++;
    this.send(frame);
    await this.probe(true);
    this.checkStrays();
  }

  get isClosed(): boolean {
    return this.client.closeCode !== undefined;
  }

  /** Ends every process of this connection, so that no request has anything to wait for, and waits for all answers. */
  async finish(): Promise<void> {
    for (let index = 0; index < POOL; index++) {
      const id = `p${String(index)}`;
      this.post('process/terminate', { processId: id });
      this.post('process/kill', { processHandle: id });
      this.post('command/exec/terminate', { sessionId: `session-${String(index)}` });
    }
    await this.until(
      'every answer',
      () => this.pending.size === 0,
      () => this.unanswered(),
    );
    this.checkStrays();
  }

  private checkStrays(): void {
    if (this.failure) throw this.failure;
    if (this.strays.length > this.allowedStrays)
      assert.fail(`answers that nobody asked for: ${JSON.stringify(this.strays)}`);
  }

  private unanswered(): string {
    return [...this.pending.values()].map(({ data }) => data.toString().slice(0, 500)).join('\n');
  }

  private post(method: string, params: unknown): void {
    const id = `end${String(++this.probeCount)}`;
    this.send({ data: JSON.stringify({ id, method, params }), fate: 'answer', id, method });
  }

  private send(frame: Frame): void {
    if (frame.fate === 'answer' && frame.id !== undefined) this.pending.set(frame.id, frame);
    this.client.raw(frame.data);
  }

  /** A request that waits for nothing: when it is answered, what came before it has been dealt with. */
  private async probe(mayClose = false): Promise<void> {
    const id = `probe${String(++this.probeCount)}`;
    let isAnswered = false;
    this.probes.set(id, () => (isAnswered = true));
    const request =
      this.mode === 'app'
        ? { id, method: 'process/kill', params: { processHandle: 'probe' } }
        : { id, method: 'environment/status' };
    this.client.raw(JSON.stringify(request));
    await this.until('an answer', () => isAnswered || (mayClose && this.isClosed));
  }

  private take(message: Message): void {
    const { id, method } = message;
    if (method !== undefined) return;
    const probe = typeof id === 'string' ? this.probes.get(id) : undefined;
    const frame = id === undefined ? undefined : this.pending.get(id);
    if (probe) {
      this.probes.delete(String(id));
      probe();
    } else if (frame && id !== undefined) {
      this.pending.delete(id);
      this.check(frame.method ?? '', message);
    } else if (id === -1 && message.error?.code === -32600) this.malformedAnswers++;
    else this.strays.push(message);
    this.wake();
  }

  /** In the place of the socket's listener, which has no caller to throw to. */
  private check(method: string, message: Message): void {
    try {
      this.seen(method, message);
    } catch (error) {
      this.failure ??= error instanceof Error ? error : new Error(String(error));
    }
  }

  private async until(what: string, isSo: () => boolean, details = (): string => ''): Promise<void> {
    const limit = Date.now() + STEP_MS;
    while (!isSo()) {
      if (this.failure) throw this.failure;
      const left = limit - Date.now();
      if (left <= 0) throw new Error(`waited in vain for ${what}\n${details()}`);
      if (this.isClosed) throw new Error(`the connection ended while waiting for ${what}\n${details()}`);
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        timer = setTimeout(resolve, left);
      });
      clearTimeout(timer);
    }
  }
}
