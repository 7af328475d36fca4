import assert from 'node:assert/strict';
import fs, {
  chmodSync,
  copyFileSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { mock } from 'node:test';
import { checkedLibc } from '../../../../src/process/native/checkedLibc';
import { findCachedLookup } from '../../../../src/process/native/cachedLookup';
import { cachedLook } from '../../../../src/process/sandbox/cachedLook';
import { Runnable } from '../../../../src/process/sandbox/runnable';
import { diskLook, PLACEHOLDER_TIME } from '../../../../src/sandbox';
import { eventually, linux, spec } from '../helpers';
import { workspace } from './support';

/** Calls of Node that go to a thread. */
const BY_THREAD = ['stat', 'lstat', 'access', 'open', 'read', 'close', 'readlink'] as const;

/** What `act` asks threads about. */
async function asked(act: () => Promise<unknown>): Promise<string[]> {
  const calls = BY_THREAD.map((name) => mock.method(fs, name));
  syncBuiltinESMExports();
  try {
    await act();
    return calls.flatMap((call, index) =>
      call.mock.calls.map(({ arguments: [what] }) => `${BY_THREAD[index] ?? ''} ${String(what)}`),
    );
  } finally {
    mock.restoreAll();
    syncBuiltinESMExports();
  }
}

(linux ? describe : describe.skip)('what a sandbox has to know of the disk', () => {
  const native = checkedLibc();
  const lookup = 'libc' in native ? findCachedLookup(native.libc) : assert.fail(native.problem);
  const knows = lookup.versionOnRoot('/') !== undefined;
  const { path: folder, remove } = workspace();
  const at = (name: string): string => join(folder, name);
  after(remove);

  it('is what the disk says, at once after each change', async () => {
    const look = cachedLook(lookup);
    const changes: readonly (() => void)[] = [
      () => undefined,
      () => writeFileSync(at('x'), ''),
      () => rmSync(at('x')),
      () => mkdirSync(at('x')),
      () => utimesSync(at('x'), PLACEHOLDER_TIME, PLACEHOLDER_TIME),
      () => writeFileSync(at('x/in'), ''),
      () => rmSync(at('x'), { recursive: true }),
      () => symlinkSync('one', at('x')),
      () => rmSync(at('x')),
      () => symlinkSync('two', at('x')),
      () => rmSync(at('x')),
    ];
    const kinds: string[] = [];
    for (const change of changes) {
      change();
      for (const path of [at('x'), at('x/in'), at('x/in/it'), '/proc/self/status', '/dev/null']) {
        const found = await look.at(path);
        assert.deepEqual(found, await diskLook.at(path), path);
        assert.deepEqual(await look.at(path), found, path);
      }
      const found = await look.at(at('x'));
      kinds.push(found.kind === 'link' ? `link ${found.target}` : found.kind);
    }
    const [gone, link] = ['missing', 'link'];
    assert.deepEqual(kinds, [
      gone,
      'file',
      gone,
      'folder',
      gone,
      'folder',
      gone,
      `${link} one`,
      gone,
      `${link} two`,
      gone,
    ]);
  });

  it('asks no thread for what the system knows by heart', async function () {
    if (!knows) return this.skip();
    const [look, runnable] = [cachedLook(lookup), new Runnable(lookup)];
    const lookAtAll = async (): Promise<void> => {
      for (const path of ['/bin', '/usr', '/usr/bin/env', '/usr/no-such-name']) await look.at(path);
      await runnable.folder('/');
      await runnable.program(spec(['env'], { cwd: '/' }));
    };
    await lookAtAll();
    // While something is mounted anywhere, the system knows nothing by heart.
    await eventually(async () => (await asked(lookAtAll)).length === 0);
  });

  it('says of a program that was run before what is true of it now', async () => {
    const runnable = new Runnable(lookup);
    const program = at('program');
    const outcome = () =>
      runnable.program(spec([program])).catch((error: unknown) => (error as NodeJS.ErrnoException).code);
    copyFileSync('/bin/true', program);
    chmodSync(program, 0o755);
    assert.deepEqual([await outcome(), await outcome()], [program, program]);
    chmodSync(program, 0o644);
    assert.equal(await outcome(), 'EACCES');
    chmodSync(program, 0o755);
    assert.equal(await outcome(), program);
    writeFileSync(program, '\x7fELF\0\0\0');
    assert.equal(await outcome(), 'ENOEXEC');
    rmSync(program);
    assert.equal(await outcome(), 'ENOENT');
    mkdirSync(program);
    assert.equal(await outcome(), 'EACCES');
  });

  it('tells at once where a path leads over links, what is missing at its end included', async function () {
    if (!knows) return this.skip();
    mkdirSync(at('led/to'), { recursive: true });
    symlinkSync('led', at('leads'));
    for (const name of ['to', 'to/none', 'to/../none'])
      await eventually(async () => {
        const told = lookup.realPath(at(`leads/${name}`));
        // What has not been looked up lately is not known by heart.
        if (told === undefined) await diskLook.at(at(`leads/${name}`));
        else assert.equal(told, join(at('led'), name));
        return told !== undefined;
      });
    assert.equal(lookup.realPath(at('leads/none/none')), undefined);
  });

  it('finds a folder by its real name, and says what is none', async () => {
    const runnable = new Runnable(lookup);
    mkdirSync(at('real'));
    writeFileSync(at('file'), '');
    symlinkSync('real', at('link'));
    assert.equal(await runnable.folder(at('link')), at('real'));
    await assert.rejects(runnable.folder(at('file')), { code: 'ENOTDIR' });
    await assert.rejects(runnable.folder(at('nowhere')), { code: 'ENOENT' });
  });
});
