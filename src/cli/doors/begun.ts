/** What is read of a message of the wire; the rest passes as it is. */
export interface WireMessage {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly error?: unknown;
}

interface Running {
  /** The number of the last notification. */
  seq: number;
  readonly stream: 'pty' | 'stderr';
  exited: boolean;
}

const SERVER_ERROR = -32000;
/** What is known of how it ended: the window that goes asks what it runs to end. */
const EXIT_CODE = 128 + 15;

/**
 * What a client has begun in a window and waits for: requests, processes and streamed bodies. When the window is gone
 * nobody else tells it that they have ended, and it would wait for ever.
 */
export class Begun {
  /** Requests without an answer, with what a good one begins. */
  private readonly requests = new Map<string | number, () => void>();
  private readonly processes = new Map<unknown, Running>();
  /** Streamed bodies, by the `seq` of their last part. */
  private readonly bodies = new Map<unknown, number>();

  /** The client has sent it to the window. */
  sent({ id, method, params = {} }: WireMessage): void {
    if (id === undefined || method === undefined) return;
    const { processId, tty, requestId, streamResponse } = params;
    this.requests.set(id, () => {
      if (method === 'process/start') {
        const stream = tty === true ? 'pty' : 'stderr';
        this.processes.set(processId, { seq: 0, stream, exited: false });
      } else if (method === 'http/request' && streamResponse === true) this.bodies.set(requestId, 0);
    });
  }

  /** Whether it is the answer to a request of the client's. */
  isAnswer({ id, method }: WireMessage): boolean {
    return method === undefined && id !== undefined && this.requests.has(id);
  }

  /** The window has sent it to the client. */
  told(message: WireMessage): void {
    const { id, method, params = {}, error } = message;
    if (id !== undefined && this.isAnswer(message)) {
      if (error === undefined) this.requests.get(id)?.();
      this.requests.delete(id);
    }
    const { processId, requestId, seq, done } = params;
    const running = this.processes.get(processId);
    if (method === 'process/closed') this.processes.delete(processId);
    else if (running && (method === 'process/output' || method === 'process/exited')) {
      running.seq = Number(seq);
      running.exited ||= method === 'process/exited';
    } else if (method === 'http/request/bodyDelta' && this.bodies.has(requestId)) {
      if (done === true) this.bodies.delete(requestId);
      else this.bodies.set(requestId, Number(seq));
    }
  }

  /** The messages that end all of it, in words; it is forgotten by that. */
  end(words: string): object[] {
    const all = [
      ...[...this.requests.keys()].map((id) => ({ id, error: { code: SERVER_ERROR, message: words } })),
      ...[...this.processes].flatMap(([processId, running]) => lastOf(processId, running, words)),
      ...[...this.bodies].map(([requestId, seq]) => {
        const params = { requestId, seq: seq + 1, deltaBase64: '', done: true, error: words };
        return { method: 'http/request/bodyDelta', params };
      }),
    ];
    for (const map of [this.requests, this.processes, this.bodies]) map.clear();
    return all;
  }
}

/** What a client must hear of a process that it thinks runs. */
function lastOf(processId: unknown, { seq, stream, exited }: Running, words: string): object[] {
  let next = seq;
  const told = (method: string, more: object): object => ({
    method,
    params: { processId, seq: ++next, ...more },
  });
  const chunk = Buffer.from(`\nexec-server: ${words}\n`).toString('base64');
  return [
    ...(exited
      ? []
      : [
          told('process/output', { stream, chunk }),
          told('process/exited', { exitCode: EXIT_CODE, sandboxDenied: false }),
        ]),
    told('process/closed', {}),
  ];
}
