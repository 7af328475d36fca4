import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CASE_MS, STEP_MS } from '../../scripts/host/patience.mjs';
import { readEntries, type Entry } from '../../src/hub';
import { Environment, type EnvironmentConfig } from '../../src/environment';
import { until } from '../unit/process/helpers';
import { codexProgram, PATIENT } from './ends';
import { SshHost } from './sshHost';

const PAGE = readFileSync('docs/ENVIRONMENTS.md', 'utf8');
const CLI = path.resolve('dist/cli.js');
const blocks = (language: string): string[] =>
  [...PAGE.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, text = '']) => text);

/** What the page tells people to write, as it stands there. */
describe('docs/ENVIRONMENTS.md', function () {
  this.timeout(CASE_MS);
  const entries = readEntries(blocks('json').map((text): unknown => JSON.parse(text)));
  const entry = (id: string): Entry => entries.good.find((one) => one.id === id) ?? assert.fail(id);

  it('has entries that the setting takes', () => {
    assert.deepEqual(entries.faulty, []);
    assert.deepEqual(
      entries.good.map(({ id }) => id),
      ['any', 'build', 'codex', 'web', 'pod', 'shared'],
    );
  });

  const missing = SshHost.missing() ?? (existsSync(CLI) ? undefined : 'dist/cli.js is not built');
  if (missing !== undefined) {
    it(`has commands that run (skipped: ${missing})`);
    return;
  }

  const folder = mkdtempSync(path.join(tmpdir(), 'exec-server-recipes-'));
  const bin = path.join(folder, 'bin');
  const host = new SshHost();
  const env = { HOME: folder, CODEX_HOME: folder, PATH: `${bin}:${process.env['PATH'] ?? ''}` };
  const quoted = (words: readonly string[]): string =>
    words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const program = (name: string, script: string): void =>
    writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });

  before(async () => {
    await host.start();
    mkdirSync(bin);
    program('exec-server', `exec ${quoted([process.execPath, CLI])} "$@"`);
    program('codex', `exec ${quoted([await codexProgram()])} "$@"`);
    // The real ssh, to the real sshd: only where the host "build" is and what it has on its PATH is put in.
    const [ssh = '', ...options] = host.command();
    const target = options.pop() ?? '';
    program(
      'ssh',
      [
        'options=',
        'while [ "$1" != build ]; do options="$options $1"; shift; done; shift',
        `[ $# = 0 ] || set -- env ${quoted(['PATH=' + env.PATH, 'CODEX_HOME=' + folder, 'XDG_CACHE_HOME=' + folder])} "$@"`,
        `exec ${quoted([ssh, ...options])} $options ${quoted([target])} "$@"`,
      ].join('\n'),
    );
    // No daemon and no cluster: what comes after the container's name is run here.
    program('docker', '[ "$1 $2 $3" = "exec -i web" ] && shift 3 && exec "$@"');
    program('kubectl', '[ "$1 $2 $3 $4" = "exec -i deploy/web --" ] && shift 4 && exec "$@"');
  });
  after(async () => {
    await host.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a command there: the variable shows that it really went through ssh. */
  async function fromThere(config: EnvironmentConfig): Promise<string> {
    await using environment = Environment.remote(config, PATIENT);
    const { process: there } = await environment.getExecBackend().start({
      processId: 'recipe',
      argv: ['/bin/sh', '-c', 'echo "over ${SSH_CONNECTION:-pipe}"'],
      cwd: folder,
      env: {},
      envPolicy: { inherit: 'all', ignoreDefaultExcludes: true, exclude: [], set: {}, includeOnly: [] },
      tty: false,
      pipeStdin: false,
    });
    let text = '';
    for await (const event of there.subscribeEvents()) {
      if (event.type === 'output') text += event.chunk.toString();
      if (event.type === 'exited') assert.equal(event.exitCode, 0);
    }
    return text;
  }

  for (const [id, over] of [
    ['any', /^over 127\.0\.0\.1 /],
    ['build', /^over 127\.0\.0\.1 /],
    ['codex', /^over 127\.0\.0\.1 /],
    ['web', /^over pipe/],
    ['pod', /^over pipe/],
  ] as const) {
    it(`the entry "${id}" reaches a machine`, async () => {
      const config = entry(id);
      assert.ok('program' in config);
      assert.match(await fromThere({ ...config, args: [...(config.args ?? [])], cwd: folder, env }), over);
    });
  }

  it('the entry "shared" does, through the tunnel, with the token that was made', async () => {
    const [server = '', tunnel = ''] = blocks('sh');
    const port = String(await freePort());
    // Both ends are one machine here, so this one has another of its loopback addresses; macOS has only two.
    const near = process.platform === 'darwin' ? '[::1]' : '127.0.0.2';
    const scripts = [server, tunnel.replace('127.0.0.1', near)].map((script) =>
      script.replaceAll('8765', port),
    );
    // The last command takes the shell's place, so that ending the one ends the other.
    const children = scripts.map((script) =>
      spawn('/bin/sh', ['-c', script.replace(/^(?=(exec-server|ssh) )/m, 'exec ')], {
        stdio: 'ignore',
        env: { ...process.env, ...env },
      }),
    );
    try {
      const file = path.join(folder, '.exec-server-token');
      await until(
        () => existsSync(file) && readFileSync(file, 'utf8').trim().length === 64,
        STEP_MS,
        'the token',
      );
      const config = entry('shared');
      assert.ok('url' in config);
      const url = config.url.replace('127.0.0.1', near).replace('8765', port);
      const reached = async (token: string): Promise<string> =>
        fromThere({ ...config, url, authBearerToken: () => Promise.resolve(token) });
      const token = readFileSync(file, 'utf8').trim();
      let text = '';
      for (const end = Date.now() + STEP_MS; text === '';) {
        text = await reached(token).catch((error: unknown) => {
          if (Date.now() > end) throw error;
          return '';
        });
      }
      assert.match(text, /^over pipe/);
      await assert.rejects(reached('x'.repeat(64)), /refused the token/);
    } finally {
      for (const child of children) {
        const ended = once(child, 'exit');
        if (child.exitCode === null && child.kill()) await ended;
      }
    }
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
