import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect as dial, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { parseAllDocuments } from 'yaml';
import { CASE_MS } from '../../scripts/host/patience.mjs';
import { Environment } from '../../src/environment';
import { PATIENT } from './ends';
import { manifest, type Manifest, type Pod } from './kubernetes';

const CLI = path.resolve('dist/cli.js');
const NGINX = '/usr/sbin/nginx';
const TOKEN = 'a'.repeat(64);

const read = (name: string): Manifest[] =>
  parseAllDocuments(readFileSync(`docs/kubernetes/${name}.yaml`, 'utf8'), { strict: true }).map(
    (document) => {
      assert.deepEqual(document.errors, []);
      return v.parse(manifest, document.toJS());
    },
  );
const find = <K extends Manifest['kind']>(all: Manifest[], kind: K): Extract<Manifest, { kind: K }> =>
  all.find((one): one is Extract<Manifest, { kind: K }> => one.kind === kind) ?? assert.fail(kind);
const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
};
const listens = async (port: number): Promise<boolean> => {
  const socket = dial(port, '127.0.0.1');
  const isOpen = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isOpen;
};

/** No cluster is here: they are parsed, held against the types of Kubernetes, and what they run is run. */
describe('docs/kubernetes', function () {
  this.timeout(CASE_MS);
  const job = find(read('job'), 'Job').spec.template.spec;
  const all = read('deployment');
  const { selector, template } = find(all, 'Deployment').spec;
  const server = template.spec.containers[0] ?? assert.fail();

  const mountsFit = ({ containers, volumes }: Pod): void => {
    const names = volumes.map(({ name }) => name);
    const mounted = containers.flatMap(({ volumeMounts }) => volumeMounts.map(({ name }) => name));
    assert.deepEqual([...new Set(mounted)].sort(), names.sort());
  };

  it('what is mounted is there, what is selected is labelled, and ports meet', () => {
    mountsFit(job);
    mountsFit(template.spec);
    const service = find(all, 'Service').spec;
    for (const labels of [selector.matchLabels, service.selector])
      assert.deepEqual(labels, template.metadata.labels);
    const ports = template.spec.containers.flatMap((container) => container.ports ?? []);
    assert.deepEqual(
      ports.map(({ name }) => name),
      service.ports.map(({ targetPort }) => targetPort),
    );
    const map = find(all, 'ConfigMap');
    assert.ok(
      template.spec.volumes.some((one) => 'configMap' in one && one.configMap.name === map.metadata.name),
    );
    assert.match(Object.values(map.data).join(), new RegExp(`listen ${ports[0]?.containerPort} ssl`));
  });

  it('the job has a place that can be written to for what attach sends', () => {
    const [work] = job.containers;
    const cache = work?.env?.find(({ name }) => name === 'XDG_CACHE_HOME')?.value ?? '';
    assert.ok(work?.volumeMounts.some(({ mountPath }) => cache.startsWith(`${mountPath}/`)));
  });

  const missing = existsSync(NGINX) ? undefined : `${NGINX} is not there: install nginx-light`;
  if (missing !== undefined) {
    it(`the deployment serves clients through its proxy (skipped: ${missing})`);
    return;
  }

  it('the deployment serves clients through its proxy, and nobody without the token', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'kubernetes-'));
    const [inner, outer] = [await freePort(), await freePort()];
    const here = (text: string): string =>
      text
        .replaceAll('/run/exec-server', folder)
        .replaceAll('/run/tls', folder)
        .replaceAll('8765', String(inner))
        .replaceAll('listen 8443', `listen 127.0.0.1:${outer}`);
    const children: ChildProcess[] = [];
    const run = (program: string, ...args: string[]): ChildProcess => {
      const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
      children.push(child);
      return child;
    };
    const inFolder = (name: string): string => path.join(folder, name);
    const key = ['-keyout', inFolder('tls.key'), '-out', inFolder('tls.crt')];
    const about = ['-days', '1', '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const rejectBefore = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    try {
      execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...key, ...about], {
        stdio: 'ignore',
      });
      writeFileSync(inFolder('token'), TOKEN, { mode: 0o440 });
      const blocks = Object.values(find(all, 'ConfigMap').data).map(here).join('\n');
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (name) => `${name}_temp_path ${inFolder(name)};`,
      );
      writeFileSync(
        inFolder('nginx.conf'),
        `daemon off; pid ${inFolder('pid')}; events {} http { access_log off; ${temporary.join(' ')} ${blocks} }`,
      );
      assert.deepEqual(server.command, ['exec-server']);
      run(process.execPath, CLI, ...(server.args ?? []).map(here));
      run(NGINX, '-e', inFolder('error.log'), '-c', inFolder('nginx.conf'));
      const url = `wss://127.0.0.1:${outer}`;
      process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
      const connect = async (token: string): Promise<string> => {
        await using far = Environment.remote({ id: 'far', url, authBearerToken: token }, PATIENT);
        return await far.connect().then(
          () => 'connected',
          (error: unknown) => String(error),
        );
      };
      for (const port of [inner, outer]) while (!(await listens(port))) await sleep(50);
      assert.equal(await connect(TOKEN), 'connected');
      assert.match(await connect('b'.repeat(64)), /refused the token/);
      await using far = Environment.remote({ id: 'far', url, authBearerToken: TOKEN }, PATIENT);
      const { process: there } = await far.getExecBackend().start({
        processId: 'one',
        argv: ['echo', 'through TLS'],
        cwd: '/',
        env: { PATH: process.env['PATH'] ?? '' },
        tty: false,
        pipeStdin: false,
      });
      const output: Uint8Array[] = [];
      for await (const event of there.subscribeEvents())
        if (event.type === 'output') output.push(event.chunk);
      assert.equal(Buffer.concat(output).toString(), 'through TLS\n');
    } finally {
      if (rejectBefore === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = rejectBefore;
      for (const child of children) {
        child.kill('SIGTERM');
        if (child.exitCode === null) await once(child, 'exit');
      }
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
