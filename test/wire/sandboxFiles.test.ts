import assert from 'node:assert/strict';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { path, pattern, special, sandboxOf, managed } from './sandboxPayload.js';
import { PATH, uri } from './session.js';
import { bothUsers, oursUsers } from './users.js';

const READ_ONLY = /Read-only file system/;
const DENIED = /Permission denied/;
const BUSY = /busy/;

describe('what a sandboxed command can do with files', () => {
  bothUsers('sandbox: it writes in the workspace and in temporary folders', async ({ w }) => {
    const script =
      'for d in . sub /tmp "$TMPDIR" /dev/shm; do echo x > "$d/wire-$$" && rm "$d/wire-$$" || exit 1; done';
    const proc = await w.run(`${script}; mkdir sub/.git; echo x > kept`);
    assert.equal(proc.exitCode, 0, proc.text());
    assert.equal(readFileSync(w.at('w/kept'), 'utf8'), 'x\n');
  });

  bothUsers('sandbox: it does not write elsewhere, also through a link', async ({ w, home }) => {
    symlinkSync(w.at('out'), w.at('w/link'));
    for (const place of [w.at('out'), home, '/var/tmp', '..', 'link'])
      assert.match(await w.text(`echo x > ${place}/wire-x`), READ_ONLY, place);
    assert.match(await w.text('touch x; ln x ../out/x'), /cross-device|Read-only/i);
    assert.match(await w.text('mv ../w ../moved'), READ_ONLY);
    assert.equal(existsSync(w.at('out/wire-x')), false);
  });

  bothUsers('sandbox: the protected names stay as they are', async ({ w }) => {
    assert.match(await w.text('echo x >> .git/config'), READ_ONLY);
    assert.match(await w.text('mkdir -p .codex && echo x > .codex/config.toml'), READ_ONLY);
    assert.match(await w.text('mv .git x'), BUSY);
    assert.match(await w.text('mkdir .codex'), /File exists/);
    assert.equal(readFileSync(w.at('w/.git/config'), 'utf8'), '');
  });

  bothUsers('sandbox: what is denied cannot be read, replaced or moved', async ({ w }) => {
    for (const name of ['w/secret', 'out/secret', 'w/sub/key.env']) writeFileSync(w.at(name), 'secret');
    const denied = [path(w.at('w/secret'), 'deny'), path(w.at('out'), 'deny'), pattern(`${w.root}/**/*.env`)];
    for (const name of ['secret', '../out/secret', 'sub/key.env'])
      assert.match(await w.text(`cat ${name}`, denied), DENIED, name);
    assert.match(await w.text('mv secret x', denied), BUSY);
    assert.match(await w.text('touch x; mv -f x secret', denied), BUSY);
    assert.match(await w.text('cat secret || cp secret x; cat x', denied), DENIED);
  });

  bothUsers('sandbox: no mount is made or undone, also not by a user of its own', async ({ w }) => {
    for (const call of ['mount -t tmpfs x .', `mount -o remount,rw,bind ${w.at('out')}`, 'umount .git']) {
      assert.notEqual((await w.run(call)).exitCode, 0, call);
      assert.notEqual(
        (await w.run(`unshare -Urm sh -c '${call}' && echo x > .git/config`)).exitCode,
        0,
        call,
      );
    }
    assert.match(await w.text('unshare -Urm umount .git; echo x > .git/config'), READ_ONLY);
  });

  oursUsers(
    'sandbox: a policy of all files runs, and only the network is missing',
    async ({ w }) => {
      const sandbox = sandboxOf(managed([special('root', 'write')]), [w.root]);
      const proc = await w.session.run(`echo x > ${w.at('out')}/x; cat /proc/net/dev`, {
        sandbox,
        cwd: uri(w.root),
        env: { PATH },
      });
      assert.equal(proc.exitCode, 0, proc.text());
      assert.doesNotMatch(proc.text(), /eth|ens|enp/);
      assert.equal(existsSync(w.at('out/x')), true);
    },
    'the reference leaves the network in sight there, and only its filter keeps from it',
  );

  oursUsers(
    'sandbox: no placeholder stays',
    async ({ w }) => {
      const names = ['.agents', '.aws', '.codex'];
      const all = [...names.map((name) => w.at(`w/${name}`)), ...names.map((name) => w.at(`tmp/${name}`))];
      const proc = await w.session.sh('echo up; read line', { ...w.params(), pipeStdin: true });
      await proc.until('up');
      assert.deepEqual(
        all.filter((name) => !existsSync(name)),
        [],
      );
      await proc.write('\n');
      await proc.closed();
      await proc.client.wait(
        'the end of placeholders',
        () => all.every((name) => !existsSync(name)) || undefined,
      );
      // What a person puts into one meanwhile stays.
      const again = await w.session.sh('echo up; read line', { ...w.params(), pipeStdin: true });
      await again.until('up');
      writeFileSync(w.at('w/.codex/config.toml'), 'mine');
      await again.write('\n');
      await again.closed();
      await proc.client.wait('the end of placeholders', () => !existsSync(w.at('w/.aws')) || undefined);
      assert.equal(readFileSync(w.at('w/.codex/config.toml'), 'utf8'), 'mine');
    },
    'the reference leaves it to its helper',
  );
});
