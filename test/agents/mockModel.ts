/**
 * The model's HTTP end point, played by a script. The script is an async function that makes tool calls
 * with `turn` and gets what the agent's next request carries about them.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asArray, asObject, asString, parseObject, type JsonObject } from './json';
import { message, type ToolCall } from './calls';

/** A request of the agent that still waits for its answer. */
interface Ask {
  body: JsonObject;
  reply: (items: readonly JsonObject[]) => void;
}

/** One server-sent event of the Responses API. */
function event(type: string, fields: JsonObject): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

/** Answers a request with these output items. */
function sendItems(response: ServerResponse, id: string, items: readonly JsonObject[]): void {
  const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(event('response.created', { response: { id } }));
  for (const item of items) response.write(event('response.output_item.done', { item }));
  response.end(event('response.completed', { response: { id, usage } }));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

export class MockModel {
  /** The bodies of all requests. */
  readonly requests: JsonObject[] = [];
  private waiting: Ask | undefined;
  private wake: (() => void) | undefined;
  private over: Error | undefined;

  private constructor(private readonly listener: Server) {}

  static async open(): Promise<MockModel> {
    const listener = createServer();
    const model = new MockModel(listener);
    listener.on('request', (request, response) => void model.take(request, response));
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    return model;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${String((this.listener.address() as AddressInfo).port)}/v1`;
  }

  /** Makes these calls in one answer; resolves with their outputs (texts, or lists of content items). */
  async turn(calls: readonly ToolCall[]): Promise<unknown[]> {
    const ask = await this.nextAsk();
    this.waiting = undefined;
    ask.reply(calls.map((call) => call.item));
    const { body } = await this.nextAsk();
    return calls.map((call) => outputOf(body, call.id));
  }

  /** Ends the agent's turn with a sentence. */
  async finish(text: string): Promise<void> {
    const ask = await this.nextAsk();
    this.waiting = undefined;
    ask.reply([message(text)]);
  }

  /** No request will come any more: what waits for one fails with `reason`. */
  end(reason: string): void {
    this.over ??= new Error(reason);
    this.wake?.();
  }

  async close(): Promise<void> {
    this.end('the mock model was closed');
    this.listener.closeAllConnections();
    await new Promise((resolve) => this.listener.close(resolve));
  }

  private async nextAsk(): Promise<Ask> {
    for (;;) {
      if (this.waiting) return this.waiting;
      if (this.over) throw this.over;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST' || !request.url?.endsWith('/responses')) {
      response.writeHead(404).end('{}');
      return;
    }
    const body = parseObject(await readBody(request));
    this.requests.push(body);
    const id = `resp_${String(this.requests.length)}`;
    this.waiting = { body, reply: (items) => sendItems(response, id, items) };
    this.wake?.();
  }
}

/** The output of a call, as the request carries it. */
function outputOf(body: JsonObject, id: string): unknown {
  const items = asArray(body['input']).map(asObject);
  const found = items.find((item) => item['call_id'] === id && asString(item['type']).endsWith('_output'));
  if (!found) throw new Error(`the agent's request carries no output of ${id}`);
  return found['output'];
}
