import { mkdtemp, realpath, rm, mkdir, readlink } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxRequest } from '../../sandbox';
import type { ConfinedSpec } from './sandboxBackend';

/** What a sandboxed program of the rehearsal has said and how it ended. */
export interface Outcome {
  readonly code: number;
  readonly text: string;
}

const PASSED = 0;
/** What each exit code means, from 10 on. */
const FAILURES = [
  'it could not write where it may',
  'it could write where it may not',
  'it was in the network of the host',
  'it had no seccomp filter',
  'it could connect to the host',
];

/** Only what every shell has by itself. Bash can connect, others cannot; for them the namespace stands alone. */
const SCRIPT = `
  (: > "$1/in/made") || exit 10
  (: > "$1/out/made") && exit 11
  [ "$(readlink /proc/self/ns/net)" = "$2" ] && exit 12
  found=
  while read -r name value; do [ "$name" = Seccomp: ] && found=$value; done < /proc/self/status
  [ "$found" = 2 ] || exit 13
  if [ -n "$BASH_VERSION" ]; then (: < "/dev/tcp/127.0.0.1/$3") && exit 14; fi
  exit 0`;

/**
 * Tries what a sandbox is for: writing inside and outside, and reaching the host. Resolves with why it cannot be relied on,
 * undefined if all is as it should be.
 */
export async function rehearse(run: (spec: ConfinedSpec) => Promise<Outcome>): Promise<string | undefined> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'exec-server-sandbox-')));
  const server = createServer((socket) => socket.destroy());
  try {
    for (const name of ['in', 'out']) await mkdir(join(folder, name));
    const port = await listen(server);
    const { code, text } = await run(specOf(folder, await readlink('/proc/self/ns/net'), port));
    if (code === PASSED) return undefined;
    const reason = FAILURES[code - 10];
    if (reason !== undefined) return `in a rehearsal ${reason}`;
    return text.trim().split('\n').at(-1)?.slice(0, 300) ?? `a rehearsal ended with ${code}`;
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function specOf(folder: string, network: string, port: number): ConfinedSpec {
  const shell = ['/bin/bash', '/usr/bin/bash'].find((path) => existsSync(path)) ?? '/bin/sh';
  const sandbox: SandboxRequest = {
    files: {
      rules: [
        { place: 'root', access: 'read' },
        { place: { path: join(folder, 'in') }, access: 'write' },
      ],
    },
    network: false,
  };
  return {
    argv: [shell, '-c', SCRIPT, 'rehearsal', folder, network, `${port}`],
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    tty: false,
    pipeStdin: false,
    sandbox,
  };
}
