import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LookUpProcess } from '../../../src/http';
import { until } from './support';

const PROGRAM = join(import.meta.dirname, '../../../src/lookUp.ts');

describe('http: looking names up', () => {
  let folder = '';
  before(() => (folder = mkdtempSync(join(tmpdir(), 'exec-server-names-'))));
  after(() => rmSync(folder, { recursive: true }));

  /** A helper that never answers for names that begin with "slow". */
  function scripted(): LookUpProcess {
    const program = join(folder, 'helper.cjs');
    writeFileSync(
      program,
      `process.on('message', ({ id, name }) => {
        if (name === 'die') process.exit();
        if (!name.startsWith('slow')) process.send({ id, addresses: [{ address: String(process.pid), family: 4 }] });
      });`,
    );
    return new LookUpProcess(program);
  }
  const pidOf = async (names: LookUpProcess) => Number((await names.lookUp('fast'))[0]?.address);

  it('answers as the system does, errors too', async () => {
    using names = new LookUpProcess(PROGRAM, ['--import', 'tsx']);
    const addresses = await names.lookUp('localhost');
    assert.ok(addresses.some(({ address }) => address === '127.0.0.1' || address === '::1'));
    await assert.rejects(names.lookUp('nowhere.invalid'), /^Error: getaddrinfo \w+ nowhere\.invalid$/);
  });

  it('lets nobody wait for a name server that does not answer, and names the bound', async () => {
    using names = scripted();
    const slow = Array.from({ length: 63 }, (_, at) => names.lookUp(`slow${at}`));
    for (const each of slow) each.catch(() => undefined);
    assert.ok((await pidOf(names)) > 0);
    void names.lookUp('slow63').catch(() => undefined);
    await assert.rejects(names.lookUp('fast'), /^Error: 64 names are being looked up, which is the limit$/);
  });

  it('starts another helper when one has ended', async () => {
    using names = scripted();
    const pid = await pidOf(names);
    await assert.rejects(names.lookUp('die'), /^Error: the process that looks names up has ended$/);
    const next = await pidOf(names);
    assert.ok(next > 0 && next !== pid);
  });

  it('leaves no helper behind', async () => {
    const names = scripted();
    const pid = await pidOf(names);
    names[Symbol.dispose]();
    const isThere = () => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    await until(() => !isThere());
  });

  it('keeps nobody from ending, who takes the helper along', () => {
    const script = `
      const { LookUpProcess } = await import(${JSON.stringify(join(import.meta.dirname, '../../../src/http/index.ts'))});
      const names = new LookUpProcess(${JSON.stringify(PROGRAM)}, ['--import', 'tsx']);
      await names.lookUp('localhost');
      console.log('done');`;
    const file = join(folder, 'ends.mts');
    writeFileSync(file, script);
    const output = execFileSync(process.execPath, ['--import', 'tsx', file], {
      cwd: join(import.meta.dirname, '../../..'),
      encoding: 'utf8',
      timeout: 25_000,
    });
    assert.equal(output, 'done\n');
  });
});
