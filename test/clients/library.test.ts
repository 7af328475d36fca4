/** The package as a library: installed in an empty folder, compiled against and run, without an editor near. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CASE_MS } from '../../scripts/host/patience.mjs';
import { STAYING } from '../support/stays';
import { lives, until } from '../unit/process/helpers';
import { listening } from './ends';
import { Installed } from './installed';

const guide = readFileSync(fileURLToPath(new URL('../../docs/LIBRARY.md', import.meta.url)), 'utf8');
/** Each example of the guide, `// name` in its first line, with the output that is printed below it. */
const examples = [...guide.matchAll(/```ts\n\/\/ (\S+)\n([^]*?)```\n\n```text\n([^]*?)```/g)].map(
  ([, name = '', code = '', output = '']) => ({ name, code, output }),
);

/** Types that have become `any` would let every line pass. */
const TYPES = `
import { Environment, ExecServerClient, type ExecProcess, type ExecProcessEvent } from 'vscode-exec-server';
// @ts-expect-error a URL is a string
void Environment.create(1);
// @ts-expect-error there is no such member
void ExecServerClient.nothing;
export async function use(process: ExecProcess): Promise<number> {
  // @ts-expect-error the text of a chunk is bytes
  await process.write('text');
  // @ts-expect-error one signal only
  await process.signal('kill');
  const event: ExecProcessEvent | undefined = (await process.subscribeEvents().next()).value;
  if (event?.type === 'exited') return event.exitCode;
  // @ts-expect-error only an exit has a code
  return event.exitCode;
}
`;

const STRICT = { strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, target: 'es2022' };
const COMPILERS = {
  node16: { module: 'node16', moduleResolution: 'node16', types: ['node'], outDir: 'node16' },
  bundler: { module: 'preserve', moduleResolution: 'bundler', types: ['node'], outDir: 'bundler' },
};

describe('the package as a library', function () {
  this.timeout(CASE_MS);
  let installed: Installed;
  let server: Awaited<ReturnType<typeof listening>>;
  before(async () => {
    installed = new Installed();
    server = await listening('node', [
      join(installed.package, 'dist/cli.js'),
      '--listen',
      'ws://127.0.0.1:0',
    ]);
  });
  after(() => {
    server.child.kill('SIGKILL');
    installed.remove();
  });

  it('leaves nothing behind when the program that uses it is killed', async function () {
    if (process.platform !== 'linux') this.skip();
    const host = `
      import { Environment } from 'vscode-exec-server';
      const environment = await Environment.create();
      for (const [at, script] of ${JSON.stringify(STAYING)}.entries()) {
        const { process: child } = await environment.getExecBackend().start({
          processId: String(at), argv: ['/bin/sh', '-c', script], cwd: '/', env: { PATH: process.env.PATH },
          tty: at % 2 === 0, pipeStdin: false,
        });
        (async () => {
          for await (const event of child.subscribeEvents())
            if (event.type === 'output') process.stdout.write(event.chunk);
        })();
      }
      setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', host], {
      cwd: installed.folder,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, XDG_RUNTIME_DIR: installed.folder },
    });
    let text = '';
    child.stdout.on('data', (data: Buffer) => (text += data.toString()));
    const pids = () => [...text.matchAll(/me=(\d+)\./g)].map(([, pid]) => Number(pid));
    await until(() => pids().length === STAYING.length, 30_000);
    child.kill('SIGKILL');
    await until(() => !pids().some(lives), 20_000);
    await until(() => readdirSync(join(installed.folder, 'exec-server')).length === 0);
  });

  it('holds the library, its types and guide, and the command line: nothing else', () => {
    const files = installed.files().filter((file) => !/^dist\/lib\/.*\.d\.ts$/.test(file));
    assert.deepEqual(files.sort(), [
      'LICENSE',
      'README.md',
      'dist/THIRD_PARTY_NOTICES.txt',
      'dist/attach.js',
      'dist/cli.js',
      'dist/doors.js',
      'dist/far.js',
      'dist/lib/index.js',
      'dist/lookUp.js',
      'dist/mcp.js',
      'dist/screen.js',
      'dist/serve.js',
      'dist/sweep.js',
      'docs/LIBRARY.md',
      'package.json',
    ]);
  });

  it('needs Node and its declared dependencies only, in code and types: no editor', () => {
    const needed = new Set<string>();
    for (const file of installed.files().filter((name) => name.startsWith('dist/lib/'))) {
      const text = readFileSync(join(installed.package, file), 'utf8');
      for (const [, name = ''] of text.matchAll(/(?:require|import)\("([^".][^"]*)"\)|from '([^'.][^']*)'/g))
        if (name !== '' && !isBuiltin(name)) needed.add(name.split('/')[0] ?? '');
    }
    assert.deepEqual([...needed].sort(), ['koffi', 'node-pty', 'valibot', 'ws']);
    for (const name of needed) assert.ok(installed.dependencies.includes(name), name);
  });

  for (const [name, compilerOptions] of Object.entries(COMPILERS)) {
    it(`compiles in strict TypeScript with moduleResolution ${name}, and runs`, () => {
      writeFileSync(join(installed.folder, 'types.mts'), TYPES);
      for (const example of examples) writeFileSync(join(installed.folder, example.name), example.code);
      const files = ['types.mts', ...examples.map((example) => example.name)];
      const config = { compilerOptions: { ...STRICT, ...compilerOptions }, files };
      writeFileSync(join(installed.folder, 'tsconfig.json'), JSON.stringify(config));
      installed.run('node', ['node_modules/typescript/bin/tsc', '-p', '.']);
      assert.deepEqual(
        examples.map((example) => example.name),
        ['here.mts', 'there.mts', 'command.mts', 'inside.mts', 'several.mts', 'fails.cts'],
      );
      for (const example of examples) {
        const program = join(compilerOptions.outDir, example.name.replace(/ts$/, 'js'));
        assert.equal(installed.run('node', [program, server.url]), example.output, example.name);
      }
    });
  }

  it('leaves nothing running when the program exits without a word', async () => {
    const code = `import { Environment } from 'vscode-exec-server';
      const backend = (await Environment.create()).getExecBackend();
      const argv = ['/bin/sh', '-c', 'sleep 600 & echo $$ $!; wait'];
      const { process: child } = await backend.start({ processId: 'x', argv, cwd: '/', env: process.env, tty: false, pipeStdin: false });
      const { chunks } = await child.read(0, undefined, 10_000);
      process.stdout.write(chunks[0].chunk);
      process.exit(0);`;
    writeFileSync(join(installed.folder, 'exits.mjs'), code);
    const pids = installed.run('node', ['exits.mjs']).trim().split(' ').map(Number);
    assert.equal(pids.length, 2);
    await until(() => !pids.some(lives));
  });

  it('gives its names to import and to require, one and the same', () => {
    const names = 'Environment, ExecServerClient, EnvironmentManager, spawnLocalExecServer, ConnectError';
    const code = `import { ${names} } from 'vscode-exec-server';
      import { createRequire } from 'node:module';
      const required = createRequire(import.meta.url)('vscode-exec-server');
      for (const [name, value] of Object.entries({ ${names} })) if (required[name] !== value) throw new Error(name);
      console.log(typeof Environment.create);`;
    writeFileSync(join(installed.folder, 'names.mjs'), code);
    assert.equal(installed.run('node', ['names.mjs']), 'function\n');
  });
});
