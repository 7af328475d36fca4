import assert from 'node:assert/strict';
import { CASE_MS } from '../../scripts/host/patience.mjs';
import { Bubblewrap } from './engine/bubblewrap';
import { attached, collect, start } from './far';

/** Machines that lack what `attach` needs: it says what, and what would help. */
describe('a machine on which exec-server can’t be put as it is', function () {
  this.timeout(CASE_MS);
  const whole = new Bubblewrap();
  const bare = new Bubblewrap('libraries');
  const empty = new Bubblewrap('nothing');
  const all = [whole, bare, empty];

  before(async function () {
    const missing = whole.missing();
    if (missing === undefined) {
      for (const each of all) await each.start();
      return;
    }
    console.log(`    skipped: ${missing}`);
    this.skip();
  });
  after(async () => {
    for (const each of all) await each.dispose();
  });

  const refusal = async (words: string[], ...options: string[]): Promise<string> => {
    await using far = attached(whole, words, ...options);
    return await far.connect().then(
      () => assert.fail('it was attached to'),
      (error: unknown) => (error as Error).message,
    );
  };
  const answer = async (words: string[], ...options: string[]): Promise<string> => {
    await using far = attached(whole, words, ...options);
    return (await collect(await start(far, 'echo here; [ -t 0 ] || exit 3'))).text;
  };
  const sendNode = ['--send-node', process.execPath];

  it('without Node: none is sent unasked, and it is told how big it would be', async () => {
    const text = await refusal(bare.words());
    assert.match(text, /there is no Node 20 or newer on that machine \(Linux \w+\)/);
    assert.match(text, /sent \(\d+\.\d MiB\): --send-node \//);
  });

  it('without Node: one is sent if so told, and stays', async () => {
    assert.equal(await answer(bare.words(), ...sendNode), 'here\n');
    assert.equal(await answer(bare.words()), 'here\n');
  });

  it('where the Node that was sent can’t run it says so, and leaves none', async () => {
    assert.match(await refusal(empty.words(), ...sendNode), /the Node that was sent does not run there/);
    assert.match(await refusal(empty.words()), /there is no Node 20 or newer/);
  });

  it('where nothing can be written each folder is named, with its reason', async () => {
    const readOnly = whole.words('--remount-ro', '/', '--remount-ro', '/tmp', '--remount-ro', '/dev');
    const text = await refusal(readOnly);
    for (const folder of ['/root/.cache/exec-server', '/var/tmp/exec-server-0', '/dev/shm/exec-server-0'])
      assert.ok(text.includes(`${folder}: read-only (EROFS)`), text);
    assert.match(text, /set XDG_CACHE_HOME there/);
    const empties = empty.words('--remount-ro', '/', '--remount-ro', '/tmp', '--remount-ro', '/dev');
    assert.match(await refusal(empties, ...sendNode), /\/root\/.cache\/exec-server: cannot be written to/);
  });

  it('where programs may not be run each folder is named, with that reason', async () => {
    const places = ['/root', '/tmp', '/var/tmp', '/dev/shm'];
    const script = `for d in ${places.join(' ')}; do mkdir -p $d; mount -t tmpfs -o noexec none $d; done; exec "$@"`;
    const words = [
      '/usr/bin/unshare',
      '-m',
      '--propagation',
      'private',
      'env',
      'HOME=/root',
      'XDG_CACHE_HOME=',
      'sh',
    ];
    words.push('-c', script, 'x');
    await using far = attached(whole, words);
    const text = await far.connect().then(
      () => assert.fail('it was attached to'),
      (error: unknown) => (error as Error).message,
    );
    assert.match(text, /\/root\/.cache\/exec-server: programs may not be run there/);
    assert.match(text, /\/dev\/shm\/exec-server-0: programs may not be run there/);
  });

  it('that has become read-only is attached to with what is there', async () => {
    assert.equal(await answer(whole.words()), 'here\n');
    const readOnly = whole.words('--remount-ro', '/', '--remount-ro', '/tmp', '--remount-ro', '/dev');
    assert.equal(await answer(readOnly), 'here\n');
  });
});
