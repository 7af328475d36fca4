/** An agent that somebody gives tasks and breaks them off, by the lines on its streams that editors use. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { CASE_MS } from '../../../scripts/host/patience.mjs';
import { asObject, parseObject, type JsonObject } from '../json';
import { commandOf, type Drive } from './drive';

export interface Talk {
  /** Gives a task; resolves when it is over, or broken off. */
  task(): Promise<unknown>;
  /** Breaks it off. */
  interrupt(): void;
  end(): Promise<void>;
}

/** Starts it; it is killed when it takes too long. */
export async function talk(of: Drive): Promise<Talk> {
  const { program, args, env } = await commandOf(of, 'talk');
  const child = spawn(program, args, {
    cwd: of.cwd,
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const ended = once(child, 'exit');
  const kill = (): boolean => process.kill(-(child.pid ?? 0), 'SIGKILL');
  const timer = setTimeout(kill, CASE_MS);
  void ended.then(() => clearTimeout(timer));
  const lines = new Lines(child);
  const end = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) kill();
    await ended;
  };
  return { ...(of.name === 'claude' ? streamJson(lines) : await agentClient(lines, of.cwd)), end };
}

class Lines {
  private readonly waiting = new Set<(message: JsonObject) => void>();

  constructor(private readonly child: ChildProcess) {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      for (const take of this.waiting) take(parseObject(line));
    });
    child.stdin?.on('error', () => undefined);
  }

  send(message: object): void {
    this.child.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  /** The first message from now on that fits. */
  next(fits: (message: JsonObject) => boolean): Promise<JsonObject> {
    return new Promise((resolve) => {
      const take = (message: JsonObject): void => {
        if (!fits(message)) return;
        this.waiting.delete(take);
        resolve(message);
      };
      this.waiting.add(take);
    });
  }
}

/** Claude Code's own. */
function streamJson(lines: Lines): Omit<Talk, 'end'> {
  return {
    task: () => {
      const over = lines.next(({ type }) => type === 'result');
      lines.send({ type: 'user', message: { role: 'user', content: 'go' } });
      return over;
    },
    interrupt: () =>
      lines.send({ type: 'control_request', request_id: 'i', request: { subtype: 'interrupt' } }),
  };
}

/** The Agent Client Protocol. */
async function agentClient(lines: Lines, cwd: string): Promise<Omit<Talk, 'end'>> {
  let last = 0;
  const ask = async (method: string, params: object): Promise<JsonObject> => {
    const id = ++last;
    const answer = lines.next((message) => message['id'] === id && message['method'] === undefined);
    lines.send({ jsonrpc: '2.0', id, method, params });
    const { error, result } = await answer;
    if (error !== undefined) throw new Error(JSON.stringify(error));
    return asObject(result);
  };
  await ask('initialize', { protocolVersion: 1, clientCapabilities: {} });
  const { sessionId } = await ask('session/new', { cwd, mcpServers: [] });
  return {
    task: () => ask('session/prompt', { sessionId, prompt: [{ type: 'text', text: 'go' }] }),
    interrupt: () => lines.send({ jsonrpc: '2.0', method: 'session/cancel', params: { sessionId } }),
  };
}
