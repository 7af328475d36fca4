/** The engine of the Codex IDE extension: one turn over its pipes, with a person who is asked. */
import { eachLine, type Child } from './child';
import { asObject, asString, parseObject, type JsonObject } from './json';

/** Whether a person lets it happen: `command`, `fileChange` or `tool`, and what Codex tells them about it. */
export type Approver = (kind: string, params: JsonObject) => boolean;

/** What else its client asks for while a turn goes on. */
export type Beside = (app: {
  /** Resolves with the whole answer, an error or a result. */
  readonly ask: (method: string, params: object) => Promise<JsonObject>;
  readonly threadId: string;
  readonly turnId: string;
}) => Promise<unknown>;

interface Talk {
  work: string;
  sandbox?: string | undefined;
  approve: Approver;
  beside?: Beside | undefined;
  /** Everything that it tells is added. */
  events: JsonObject[];
}

const ASKS = /^item\/(commandExecution|fileChange)\/requestApproval$/;

/** Plays one turn; the end of its stdin ends the program. Resolves, whatever becomes of it. */
export async function talkToApp(
  child: Child,
  { work, sandbox, approve, beside, events }: Talk,
): Promise<void> {
  const { stdin } = child.process;
  let id = 0;
  const waiting = new Map<number, (answer: JsonObject) => void>();
  let finish: (() => void) | undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const send = (message: object): void => void stdin?.write(`${JSON.stringify(message)}\n`);
  stdin?.on('error', () => undefined);
  eachLine(child, (line) => {
    const message = parseObject(line);
    events.push(message);
    const { method } = message;
    const asked = ASKS.exec(asString(method))?.[1];
    if (asked !== undefined) {
      const decision = approve(asked, asObject(message['params'])) ? 'accept' : 'decline';
      send({ id: message['id'], result: { decision } });
    } else if (method === 'mcpServer/elicitation/request') {
      const action = approve('tool', asObject(message['params'])) ? 'accept' : 'decline';
      send({ id: message['id'], result: { action, content: action === 'accept' ? {} : null } });
    } else if (method === 'turn/completed') finish?.();
    else if (method === undefined) waiting.get(Number(message['id']))?.(message);
  });
  const ask = (method: string, params: object): Promise<JsonObject> =>
    new Promise((resolve) => {
      waiting.set(++id, resolve);
      send({ id, method, params });
    });
  const call = async (method: string, params: object): Promise<JsonObject> =>
    asObject((await ask(method, params))['result']);
  const play = async (): Promise<void> => {
    await call('initialize', {
      clientInfo: { name: 'agent-suite', title: 'Agent suite', version: '1' },
      capabilities: { experimentalApi: true },
    });
    send({ method: 'initialized' });
    const { thread } = await call('thread/start', { cwd: work, approvalPolicy: 'on-request', sandbox });
    const input = [{ type: 'text', text: 'Play the script.' }];
    const threadId = asString(asObject(thread)['id']);
    const { turn } = await call('turn/start', { threadId, input });
    await beside?.({ ask, threadId, turnId: asString(asObject(turn)['id']) });
    await finished;
  };
  await Promise.race([play(), child.ended]);
  stdin?.end();
}
