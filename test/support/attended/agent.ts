import { once } from 'node:events';
import { WebSocket } from 'ws';
import { until } from '../../unit/process/helpers';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** An agent that keeps all that it is ever sent. */
export class Agent {
  /** As they came. */
  readonly frames: Buffer[] = [];
  private readonly messages: Message[] = [];
  private lastId = 0;
  sessionId = '';

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      this.frames.push(data);
      this.messages.push(JSON.parse(data.toString()) as Message);
    });
  }

  /** @param resumeSessionId that of an agent that has lost its connection */
  static async connect(url: string, clientName: string, resumeSessionId?: string): Promise<Agent> {
    const socket = new WebSocket(url);
    const agent = new Agent(socket);
    await once(socket, 'open');
    const told = await agent.request('initialize', {
      clientName,
      ...(resumeSessionId && { resumeSessionId }),
    });
    agent.sessionId = (told as { sessionId: string }).sessionId;
    socket.send(JSON.stringify({ method: 'initialized' }));
    return agent;
  }

  /** Rejects with the server's words. */
  async request(method: string, params: object): Promise<unknown> {
    const id = ++this.lastId;
    const answer = (): Message | undefined => this.messages.find((message) => message.id === id);
    this.socket.send(JSON.stringify({ id, method, params }));
    await until(() => answer() !== undefined, undefined, `the answer to ${method}`);
    const { result, error } = answer() ?? {};
    if (error) throw new Error(error.message);
    return result;
  }

  start(processId: string, argv: readonly string[], more: object = {}): Promise<unknown> {
    const env = { PATH: process.env['PATH'] ?? '' };
    return this.request('process/start', { processId, argv, cwd: 'file:///tmp', env, tty: false, ...more });
  }

  write(processId: string, text: string): Promise<unknown> {
    const chunk = Buffer.from(text).toString('base64');
    return this.request('process/write', { processId, chunk, writeId: `w${this.lastId}` });
  }

  /** Everything that a process has written, once it is like this. */
  async sees(processId: string, pattern: RegExp): Promise<string> {
    const output = (): string =>
      this.told('process/output', processId)
        .map((params) => Buffer.from(String(params['chunk']), 'base64').toString('latin1'))
        .join('');
    try {
      await until(() => pattern.test(output()));
    } catch {
      throw new Error(`${String(pattern)} not in ${JSON.stringify(output().slice(-2000))}`);
    }
    return output();
  }

  /** Resolves when it has closed. */
  async closed(processId: string): Promise<void> {
    await until(
      () => this.told('process/closed', processId).length > 0,
      undefined,
      `the end of ${processId}`,
    );
  }

  /** Goes away without a word. */
  close(): void {
    this.socket.terminate();
  }

  private told(method: string, processId: string): Readonly<Record<string, unknown>>[] {
    return this.messages.flatMap((message) =>
      message.method === method && message.params?.['processId'] === processId ? [message.params] : [],
    );
  }
}
