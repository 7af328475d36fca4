/** The walks of scripts/trace.mjs, over the instrumented copy of src/ that it has made. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { WebSocket } from 'ws';
import type * as Environments from '../../src/environment';
import * as plainEnvironments from '../../src/environment';
import type * as Servers from '../../src/server';
import * as plainServers from '../../src/server';
import { traced } from './traced';

/** Until what was begun before has come to rest. */
const REST_MS = 500;

const [copy = '', ...wanted] = process.argv.slice(2);
const load = (room: string): Promise<unknown> => import(pathToFileURL(`${copy}/${room}/index.ts`).href);
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const environmentInfo = (): never => ({}) as never;
const PATH = process.env['PATH'] ?? '/usr/bin:/bin';

interface Message {
  readonly id?: number;
  readonly method?: string;
}

/** A client without a line of ours, so that what is told is the server's alone. */
class Client {
  #lastId = 0;

  constructor(private readonly socket: WebSocket) {}

  send(method: string, params: object): number {
    this.socket.send(JSON.stringify({ id: ++this.#lastId, method, params }));
    return this.#lastId;
  }

  until(is: (message: Message) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (data: Buffer): void => {
        if (!is(JSON.parse(data.toString()) as Message)) return;
        this.socket.off('message', look);
        resolve();
      };
      this.socket.on('message', look);
    });
  }

  async call(method: string, params: object): Promise<void> {
    const id = this.send(method, params);
    await this.until((message) => message.id === id);
  }
}

const start = (processId: string, script: string, more: object = {}): object => ({
  processId,
  argv: ['/bin/sh', '-c', script],
  cwd: 'file:///tmp',
  env: { PATH },
  tty: false,
  ...more,
});

async function ofTheServer(): Promise<void> {
  const { LocalHostBackend, ProcessTable } = (await load('environment')) as typeof Environments;
  const { ExecServer } = (await load('server')) as typeof Servers;
  const table = new ProcessTable();
  const backend = new LocalHostBackend(table, () => ({}));
  const server = await ExecServer.listen({
    host: '127.0.0.1',
    port: 0,
    auth: { type: 'token' },
    backend,
    environmentInfo,
    log,
  });
  const socket = new WebSocket(server.url);
  await once(socket, 'open');
  const client = new Client(socket);
  await client.call('initialize', { clientName: 'trace', resumeSessionId: null });
  socket.send('{"method":"initialized","params":{}}');
  // What is done once only is not of any walk.
  await client.call('process/start', start('first', ':'));
  for (const tty of [false, true]) {
    const where = tty ? 'terminal' : 'pipe';
    const id = `p-${where}`;
    // It waits until it is written to.
    const params = start(id, 'read line; echo hi; exec sleep 60', { tty, pipeStdin: !tty });
    await walk(`start, ${where}`, () => client.call('process/start', params));
    const chunk = Buffer.from('x\n').toString('base64');
    await walk(`chunk in and out, ${where}`, async () => {
      client.send('process/write', { processId: id, writeId: '1', chunk });
      await client.until(({ method }) => method === 'process/output');
    });
    await walk(`kill, ${where}`, async () => {
      client.send('process/terminate', { processId: id });
      await client.until(({ method }) => method === 'process/closed');
    });
  }
  const spoken = start('talker', 'sleep 1; echo hi; exec sleep 60');
  await client.call('process/start', spoken);
  await walk('chunk out, pipe', () => client.until(({ method }) => method === 'process/output'));
  socket.terminate();
  await server.close();
  await table.shutdown({ graceMs: 100 });
}

/** The other machine runs here too, of the source as it is, so that this side alone is told. */
async function ofAnotherMachine(): Promise<void> {
  const there = new plainEnvironments.ProcessTable();
  const backend = new plainEnvironments.LocalHostBackend(there, () => ({}));
  const server = plainServers.serveInProcess({ backend, environmentInfo, log });
  const { Environment, ProcessTable } = (await load('environment')) as typeof Environments;
  const table = new ProcessTable();
  const box = Environment.at('box', { connector: server.connector }, { table });
  const owner = { type: 'person' } as never;
  const params = (script: string): never =>
    ({ ...start(script, script), cwd: '/tmp', pipeStdin: false }) as never;
  await box.start(params(':'), owner);
  const script = 'sleep 2; echo hi; exec sleep 60';
  let spoken: Promise<unknown> = Promise.resolve();
  await walk('start, other machine', async () => {
    const row = await box.start(params(script), owner);
    spoken = new Promise((resolve) => row.subscribe(resolve));
  });
  await walk('chunk out, other machine', () => spoken);
  await table.shutdown({ graceMs: 100 });
  await box[Symbol.asyncDispose]();
  await server.close();
  await there.shutdown({ graceMs: 100 });
}

async function walk(name: string, action: () => Promise<unknown>): Promise<void> {
  await sleep(REST_MS);
  const told = await traced(action);
  if (wanted.length === 0 || wanted.includes(name)) console.log(`${name}: ${told}`);
}

void ofTheServer()
  .then(ofAnotherMachine)
  .then(() => process.exit());
