import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sshHosts } from '../../../src/editor/environments/machine/sshHosts';

describe('hosts of an ssh configuration', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'ssh-hosts-'));
  const write = (name: string, text: string): void => {
    mkdirSync(path.dirname(path.join(home, '.ssh', name)), { recursive: true });
    writeFileSync(path.join(home, '.ssh', name), text);
  };
  after(() => rmSync(home, { recursive: true, force: true }));

  it('are those that are no patterns, once each, with those of files that are included', async () => {
    write(
      'config',
      'Include conf.d/*.conf ~/.ssh/more\nHost a b *.example !c\n  HostName x\nhost="quoted"\nHost a\n',
    );
    write('conf.d/1.conf', 'Host one\nInclude conf.d/1.conf\n');
    write('conf.d/2.conf', 'Match host two\nHost three?\n# Host four\n');
    write('conf.d/3.txt', 'Host text\n');
    write('more', '\tHost\tmore\r\n');
    assert.deepEqual(await sshHosts(home), ['one', 'more', 'a', 'b', 'quoted']);
  });

  it('are found at once where files include each other', async () => {
    const names = Array.from({ length: 20 }, (_, n) => `loop/${n}`);
    for (const name of names) write(name, `Include loop/*\nHost ${name.replace('/', '-')}\n`);
    write('config', 'Include loop/*\n');
    assert.equal((await sshHosts(home)).length, names.length);
  });

  it('are none without a configuration', async () => {
    assert.deepEqual(await sshHosts(path.join(home, 'nobody')), []);
  });
});
