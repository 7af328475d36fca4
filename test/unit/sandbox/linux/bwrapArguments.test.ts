import assert from 'node:assert/strict';
import { existsSync, readdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import {
  bwrapArguments,
  decodeSandbox,
  expandPatterns,
  placeholdersOf,
  requestOfPolicy,
  resolvePolicy,
  type Policy,
} from '../../../../src/sandbox';
import { diskLook, onPath, pattern, policyOf, special, Tree } from '../support';
import { noBwrap, runInside } from './bwrap';

const READ_ALL = special('root', 'read');
const OPTIONS = { cwd: '/', hasTerminal: false, seccompFd: 3 };

describe('arguments of bubblewrap', () => {
  it('give pipes a session of their own, a terminal its own, and no network unless it is allowed', async () => {
    const none = await policyOf([READ_ALL]);
    assert.ok(bwrapArguments(none, OPTIONS).includes('--new-session'));
    assert.ok(!bwrapArguments(none, { ...OPTIONS, hasTerminal: true }).includes('--new-session'));
    assert.ok(bwrapArguments(none, OPTIONS).includes('--unshare-net'));
    const request = requestOfPolicy({ mode: 'read-only', network: true });
    const network = await resolvePolicy(request, { tmpdir: undefined, platform: 'linux' }, diskLook());
    assert.ok(!bwrapArguments(network, OPTIONS).includes('--unshare-net'));
    for (const args of [bwrapArguments(none, OPTIONS), bwrapArguments(network, OPTIONS)])
      assert.ok(args.includes('--die-with-parent') && !args.includes('--as-pid-1') && args.at(-1) === '--');
  });

  it('need folders for names that must not come into being, but for those that could not be made', async () => {
    await using tree = await Tree.make(['w/.git/x']);
    const policy = await policyOf([READ_ALL, onPath(tree.at('w'), 'write')]);
    const names = ['.agents', '.aws', '.codex'].map((name) => tree.at('w', name));
    assert.deepEqual(placeholdersOf(policy), names);
    const without = bwrapArguments(policy, { ...OPTIONS, unmade: new Set(names.slice(1)) });
    assert.deepEqual(
      names.map((name) => without.includes(name)),
      [true, false, false],
    );
  });

  it('are refused for a link that would have to stay, and for a folder that cannot be seen', async () => {
    await using tree = await Tree.make(['w/', 'git/']);
    symlinkSync('../git', tree.at('w/.git'));
    const policy = await policyOf([READ_ALL, onPath(tree.at('w'), 'write')]);
    assert.throws(() => bwrapArguments(policy, OPTIONS), /w\/\.git` has to stay .* symbolic link/);
    const hidden = await policyOf([READ_ALL, onPath(tree.at('git'), 'deny')]);
    assert.throws(
      () => bwrapArguments(hidden, { ...OPTIONS, cwd: tree.at('git') }),
      /may not see its own folder/,
    );
  });
});

describe('a command in bubblewrap', function () {
  before(function () {
    const why = noBwrap();
    if (why === undefined) return;
    console.log(`      skipped: ${why}`);
    this.skip();
  });

  const shell = (policy: Policy, script: string, cwd = '/') => {
    const { stdout, stderr } = runInside(policy, ['sh', '-c', script], cwd);
    return `${stdout}${stderr}`;
  };
  const node = (policy: Policy, script: string, ...args: string[]) =>
    runInside(policy, [process.execPath, '-e', script, ...args], '/').stdout.trim();

  it('can neither move nor replace what is protected, nor the folders around it', async () => {
    await using tree = await Tree.make(['w/.git/config', 'w/a/b/secret', 'w/a/b/x', 'w/c/y', 'w/c/d/k.env']);
    const policy = await policyOf(
      [
        READ_ALL,
        onPath(tree.at('w'), 'write'),
        onPath(tree.root, 'write'),
        onPath(tree.at('w/a/b/secret'), 'deny'),
        pattern('codex-project-roots://**/*.env'),
      ],
      { roots: [tree.at('w')] },
    );
    const expanded = await expandPatterns(policy, diskLook());
    for (const path of ['../w', '.git', '.codex', 'a', 'a/b', 'a/b/secret', 'c/d/k.env'])
      assert.match(shell(expanded, `mv ${path} ${path}2 && echo moved`, tree.at('w')), /busy/, path);
    // A pattern that finds it everywhere does not keep its folders.
    assert.match(shell(expanded, 'mv c c2 && echo moved && mv c2 c', tree.at('w')), /moved/);
    assert.match(
      shell(expanded, 'cat a/b/secret c/d/k.env; mkdir .codex', tree.at('w')),
      /denied[^]*denied[^]*exists/,
    );
    assert.deepEqual(readdirSync(tree.at('w')).sort(), ['.git', 'a', 'c'], 'no placeholder stays');
  });

  it('cannot open a denied folder again as its owner, and reaches what is open in it', async () => {
    await using tree = await Tree.make(['w/s/x', 'w/s/deep/open/y', 'w/t/z']);
    const policy = await policyOf([
      READ_ALL,
      onPath(tree.at('w'), 'write'),
      onPath(tree.at('w/s'), 'deny'),
      onPath(tree.at('w/t'), 'deny'),
      onPath(tree.at('w/s/deep/open'), 'write'),
    ]);
    for (const path of ['s', 's/deep', 't', '.codex']) {
      const said = shell(
        policy,
        `chmod 700 ${path}; ls ${path}; echo > ${path}/new && echo made`,
        tree.at('w'),
      );
      assert.match(said, /Read-only file system/, path);
      assert.doesNotMatch(said, /^(x|z|open|made)$/m, path);
    }
    assert.equal(
      shell(policy, 'cat s/deep/open/y; echo new > s/deep/open/z; cat s/deep/open/z', tree.at('w')),
      'w/s/deep/open/ynew\n',
    );
  });

  it('sends no datagram to a socket outside, by an end of a pair either', async function () {
    if (!existsSync('/usr/bin/perl')) {
      console.log('      skipped: there is no perl, and Node has no pairs of datagrams');
      this.skip();
    }
    await using tree = await Tree.make(['w/']);
    const script = `use Socket; socketpair(my $a, my $b, AF_UNIX, $_, 0) ? print "pair " : print "$!\\n" for SOCK_STREAM, SOCK_DGRAM`;
    const policy = await policyOf([READ_ALL, onPath(tree.at('w'), 'write')]);
    assert.equal(shell(policy, `perl -e '${script}'`), 'pair Operation not permitted\n');
  });

  it('has all files but no network if only that is restricted', async () => {
    await using tree = await Tree.make(['w/']);
    const sandbox = {
      permissions: { type: 'external', network: 'restricted' },
      windowsSandboxLevel: 'disabled',
    };
    const policy = await resolvePolicy(
      decodeSandbox(sandbox),
      { tmpdir: undefined, platform: 'linux' },
      diskLook(),
    );
    assert.equal(
      shell(policy, 'mkdir .git && echo x > .git/y && cat .git/y && echo > /dev/null', tree.at('w')),
      'x\n',
    );
    assert.deepEqual(readdirSync(tree.at('w/.git')), ['y']);
    assert.equal(shell(policy, 'tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d " "'), 'lo\n');
  });

  it('can link and rename as ever inside of its workspace', async () => {
    await using tree = await Tree.make(['w/a/x', 'w/b/y']);
    const policy = await policyOf([READ_ALL, onPath(tree.at('w'), 'write')]);
    assert.equal(
      shell(policy, 'mv a/x b/x && ln b/x a/z && cat a/z && mv a c && echo " ok"', tree.at('w')),
      'w/a/x ok\n',
    );
  });

  it('reaches no socket outside, but its own loopback and pairs', async () => {
    await using tree = await Tree.make(['w/']);
    const path = tree.at('w/socket');
    const listeners = [createServer().listen(path), createServer().listen(0, '127.0.0.1')];
    try {
      await Promise.all(listeners.map((one) => new Promise((done) => one.once('listening', done))));
      const { port } = listeners[1]!.address() as { port: number };
      const policy = await policyOf([READ_ALL, onPath(tree.at('w'), 'write')]);
      const script = `
        const net = require('node:net');
        const tried = (to) => new Promise((done) => net.connect(to).on('connect', () => done('open')).on('error', (e) => done(e.code)));
        (async () => {
          const own = net.createServer().listen(0, '127.0.0.1');
          await new Promise((done) => own.once('listening', done));
          const all = [{ path: process.argv[1] }, { port: +process.argv[2], host: '127.0.0.1' }, { port: own.address().port, host: '127.0.0.1' }];
          console.log((await Promise.all(all.map(tried))).join());
          console.log(require('node:child_process').execFileSync('echo', ['piped']).toString());
          process.exit();
        })()`;
      assert.equal(node(policy, script, path, `${port}`), 'EPERM,ECONNREFUSED,open\npiped');
    } finally {
      for (const one of listeners) one.close();
    }
  });
});
