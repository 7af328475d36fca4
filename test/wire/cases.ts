/** Declares cases: `both` for statements proven on the reference too, `ours` for our own decisions. */
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CASE_MS } from '../../scripts/host/patience.mjs';
import { AT_ONCE } from '../support/atOnce.js';
import { Client } from './client.js';
import { handshake, type Session } from './session.js';
import { kind, Server, shared, stopShared, type Product } from './target.js';

/** What a case may ask for; all of it goes away when the case ends. */
export class Case {
  private readonly cleanups: (() => unknown)[] = [];

  constructor(
    private readonly context: Mocha.Context,
    readonly product: Product,
  ) {}

  server(): Promise<Server> {
    return shared([], this.product);
  }

  /** A shared server without authentication, whose path is `/`. */
  openServer(): Promise<Server> {
    if (kind === 'url') this.skip('needs a server with --auth none');
    return kind === 'ours' ? shared(['--auth', 'none']) : shared();
  }

  /** A server of its own, for cases that end it, fill it, or look at it; `wrap` is a command that starts it. */
  async ownServer(args: string[] = [], wrap: string[] = []): Promise<Server> {
    this.needsLocal();
    const server = await Server.start(args, { wrap }, this.product);
    this.defer(() => server.stop(AT_ONCE));
    return server;
  }

  /** For cases that rely on the server's environment or command line. */
  needsLocal(): void {
    if (kind === 'url') this.skip('needs a server that the suite starts');
  }

  async connect(server?: Server, headers?: Record<string, string>): Promise<Client> {
    const client = await Client.open((server ?? (await this.server())).url, headers);
    this.defer(() => client.drop());
    return client;
  }

  async session(server?: Server, resume: string | null = null): Promise<Session> {
    const client = await this.connect(server);
    const session = await handshake(client, resume);
    return session;
  }

  /** An empty folder, by its canonical path. */
  async dir(): Promise<string> {
    const path = await realpath(await mkdtemp(join(tmpdir(), 'wire-')));
    this.defer(() => rm(path, { recursive: true, force: true }));
    return path;
  }

  defer(cleanup: () => unknown): void {
    this.cleanups.push(cleanup);
  }

  timeout(ms: number): void {
    this.context.timeout(ms);
  }

  /** Only with WIRE_SLOW=1, for cases that wait out a real time limit. */
  slow(ms: number): void {
    if (process.env['WIRE_SLOW'] !== '1') this.skip('slow, set WIRE_SLOW=1');
    this.timeout(ms);
  }

  skip(reason: string): never {
    if (this.context.test) this.context.test.title += ` [skipped: ${reason}]`;
    return this.context.skip();
  }

  async end(): Promise<void> {
    for (const cleanup of this.cleanups.reverse()) await cleanup();
  }
}

type Body = (t: Case) => Promise<void>;

function declare(
  title: string,
  body: Body,
  reason: string | undefined,
  product: Product = 'exec-server',
): void {
  it(title, async function () {
    this.timeout(CASE_MS);
    const t = new Case(this, product);
    if (reason !== undefined) t.skip(reason);
    try {
      await body(t);
    } finally {
      await t.end();
    }
  });
}

/** A statement that holds on the reference and on ours. */
export function both(title: string, body: Body): void {
  declare(title, body, undefined);
}

/** A statement that holds on both about the processes of the app-server, which is another program of the reference. */
export function bothApp(title: string, body: Body): void {
  declare(title, body, undefined, 'app-server');
}

/** Why a statement about a page of docs/protocol says nothing about the reference. */
const REASONS: readonly [RegExp, string][] = [
  [/^v0:/, 'ours only, no reference speaks v0 any more'],
  [/^dialects:/, 'ours only, no reference speaks more than one dialect'],
  [/^(extensions|ports):/, 'ours only, an extension'],
  [/^(bounds|gate):/, 'ours only, a decision'],
];

/** A statement about ours alone; `why` says what the reference does, unless the page does. */
export function ours(title: string, body: Body, why?: string): void {
  const reason = why ?? REASONS.find(([page]) => page.test(title))?.[1];
  if (reason === undefined) throw new Error(`"${title}" must say what the reference does`);
  declare(title, body, kind === 'reference' ? reason : undefined);
}

after(async function () {
  this.timeout(CASE_MS);
  await stopShared();
});
