/** One stand-in for the models of several agents: it plays a list of commands, and keeps what each came to. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Json = Record<string, unknown>;

/** What a model asks its agent's shell for. */
export interface Call {
  readonly command: string;
  /** Where the tool takes one. */
  readonly timeoutMs?: number;
  /** Another tool than its shell, as the agent calls it, with what it takes after these results. */
  readonly tool?: { readonly name: string; readonly args: (results: readonly string[]) => object };
}

/** The tool and its arguments: those of the agent's own shell, unless another is meant. */
function asked(
  call: Call | undefined,
  shell: string,
  args: object,
  results: readonly string[],
): { name: string; args: object } {
  const tool = call?.tool;
  return tool ? { name: tool.name, args: tool.args(results) } : { name: shell, args };
}

interface Dialect {
  readonly fits: (path: string) => boolean;
  readonly hasTools: (body: Json) => boolean;
  /** What the agent told its model that its tools had said. */
  readonly results: (body: Json) => string[];
  readonly answer: (response: ServerResponse, body: Json, call: Call | undefined, path: string) => void;
}

const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const textOf = (content: unknown): string =>
  typeof content === 'string'
    ? content
    : list(content)
        .map(({ text }) => (typeof text === 'string' ? text : ''))
        .join('');
let last = 0;
const id = (): string => `id_${++last}`;

function events(response: ServerResponse, all: readonly (readonly [string, object])[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const [name, data] of all)
    response.write(`${name === '' ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`);
}

const USAGE = { input_tokens: 1, output_tokens: 1 };

const claude: Dialect = {
  fits: (path) => path.startsWith('/v1/messages'),
  hasTools: ({ tools }) => list(tools).length > 0,
  results: ({ messages }) =>
    list(messages)
      .flatMap(({ content }) => list(content))
      .filter(({ type }) => type === 'tool_result')
      .map(({ content }) => textOf(content)),
  answer: (response, body, call) => {
    const { model, stream } = body;
    const base = { id: id(), type: 'message', role: 'assistant', model, content: [], usage: USAGE };
    const own = { command: call?.command, timeout: call?.timeoutMs, description: 'x' };
    const { name, args: input } = asked(call, 'Bash', own, claude.results(body));
    const block =
      call === undefined ? { type: 'text', text: '' } : { type: 'tool_use', id: id(), name, input: {} };
    const delta =
      call === undefined
        ? { type: 'text_delta', text: 'done' }
        : { type: 'input_json_delta', partial_json: JSON.stringify(input) };
    const stop_reason = call === undefined ? 'end_turn' : 'tool_use';
    if (!stream) {
      const content = [{ type: 'text', text: 'done' }];
      return void response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ ...base, content, stop_reason }));
    }
    const all: object[] = [
      { type: 'message_start', message: { ...base, stop_reason: null } },
      { type: 'content_block_start', index: 0, content_block: block },
      { type: 'content_block_delta', index: 0, delta },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason }, usage: USAGE },
      { type: 'message_stop' },
    ];
    events(
      response,
      all.map((event) => [(event as { type: string }).type, event] as const),
    );
    response.end();
  },
};

const gemini: Dialect = {
  fits: (path) => /:(stream)?generateContent/i.test(path),
  hasTools: ({ tools }) =>
    list(tools).some(({ functionDeclarations }) => list(functionDeclarations).length > 0),
  results: ({ contents }) =>
    list(contents)
      .flatMap(({ parts }) => list(parts))
      .map((part) => (part as { functionResponse?: { response: { output?: string } } }).functionResponse)
      .filter((told) => told !== undefined)
      .map(({ response }) => response.output ?? JSON.stringify(response)),
  answer: (response, body, call, path) => {
    const own = { command: call?.command, description: 'x' };
    const { name, args } = asked(call, 'run_shell_command', own, gemini.results(body));
    const part = call === undefined ? { text: 'done' } : { functionCall: { id: id(), name, args } };
    const content = { role: 'model', parts: [part] };
    const usageMetadata = { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 };
    const answer = {
      candidates: [{ index: 0, content, finishReason: 'STOP' }],
      usageMetadata,
      modelVersion: 'x',
    };
    if (path.includes(':stream')) {
      events(response, [['', answer]]);
      return void response.end();
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  },
};

const opencode: Dialect = {
  fits: (path) => path.endsWith('/chat/completions'),
  hasTools: ({ tools }) => list(tools).length > 0,
  results: ({ messages }) =>
    list(messages)
      .filter(({ role }) => role === 'tool')
      .map(({ content }) => textOf(content)),
  answer: (response, body, call) => {
    const { model } = body;
    const base = { id: id(), object: 'chat.completion.chunk', created: 1, model };
    const own = { command: call?.command, timeout: call?.timeoutMs, description: 'x' };
    const { name, args } = asked(call, 'bash', own, opencode.results(body));
    const called = { name, arguments: JSON.stringify(args) };
    const delta =
      call === undefined
        ? { role: 'assistant', content: 'done' }
        : { role: 'assistant', tool_calls: [{ index: 0, id: id(), type: 'function', function: called }] };
    const finish_reason = call === undefined ? 'stop' : 'tool_calls';
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    events(response, [
      ['', { ...base, choices: [{ index: 0, delta, finish_reason: null }] }],
      ['', { ...base, choices: [{ index: 0, delta: {}, finish_reason }], usage }],
    ]);
    response.end('data: [DONE]\n\n');
  },
};

const DIALECTS = [claude, gemini, opencode];

export interface Model {
  readonly url: string;
  /** What the model was told, a text for each command. */
  results(): readonly string[];
  close(): void;
}

export async function startModel(calls: readonly Call[]): Promise<Model> {
  let results: string[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (data: Buffer) => parts.push(data));
    request.on('end', () => {
      const path = request.url ?? '';
      const dialect = DIALECTS.find(({ fits }) => fits(path));
      if (!dialect || path.includes('count_tokens')) return void response.writeHead(404).end('{}');
      const body = JSON.parse(Buffer.concat(parts).toString()) as Json;
      const told = dialect.hasTools(body) ? dialect.results(body) : [];
      if (told.length > results.length) results = told;
      dialect.answer(response, body, dialect.hasTools(body) ? calls[told.length] : undefined, path);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    results: () => results,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
