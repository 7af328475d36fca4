/** Patches: they go through the server's file system, not through a command. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { patch } from '../calls';
import { play, type Stage } from '../stage';
import type { AgentTarget } from '../target';
import { ofMethod } from '../wireChecks';

/** Applies a patch that must fit. */
async function apply(stage: Stage, ...lines: string[]): Promise<void> {
  const result = await stage.one(patch(...lines));
  assert.match(result.text, /Success/, result.text);
}

/** Defines the cases. */
export function patchScenarios(get: () => AgentTarget): void {
  it('adds files, also into a folder that is not there yet', async () => {
    const { tap } = await play(get(), async (stage) => {
      await apply(stage, '*** Add File: plain.txt', '+one', '+zwölf');
      assert.equal(stage.file('plain.txt'), 'one\nzwölf\n');
      await apply(stage, '*** Add File: new dir/deep/a b.txt', '+deep');
      assert.equal(stage.file('new dir', 'deep', 'a b.txt'), 'deep\n');
    });
    assert.equal(ofMethod(tap.messages, 'process/start').length, 0);
    assert.ok(ofMethod(tap.messages, 'fs/createDirectory').length > 0);
    assert.equal(ofMethod(tap.messages, 'fs/writeFile').length, 3, 'one of them meets a missing folder');
  });

  it('updates, deletes and moves files', async () => {
    const { tap } = await play(get(), async (stage) => {
      for (const name of ['up', 'gone', 'old']) writeFileSync(stage.path(`${name}.txt`), 'a\nb\nc\n');
      mkdirSync(stage.path('there'));
      await apply(stage, '*** Update File: up.txt', '@@', ' a', '-b', '+B', '+more', ' c');
      assert.equal(stage.file('up.txt'), 'a\nB\nmore\nc\n');
      await apply(stage, '*** Delete File: gone.txt');
      assert.equal(existsSync(stage.path('gone.txt')), false);
      await apply(stage, '*** Update File: old.txt', '*** Move to: there/new.txt', '@@', '-a', '+A', ' b');
      assert.equal(existsSync(stage.path('old.txt')), false);
      assert.equal(stage.file('there', 'new.txt'), 'A\nb\nc\n');
    });
    assert.equal(ofMethod(tap.messages, 'process/start').length, 0);
    assert.equal(ofMethod(tap.messages, 'fs/writeFile').length, 2);
    assert.equal(ofMethod(tap.messages, 'fs/remove').length, 2);
  });

  it('applies several hunks over several files at once', async () => {
    await play(get(), async (stage) => {
      writeFileSync(stage.path('one.txt'), '1\n2\n3\n4\n5\n6\n7\n8\n9\n');
      await apply(
        stage,
        ...['*** Update File: one.txt', '@@', ' 1', '-2', '+two', ' 3', '@@', ' 7', '-8', '+eight', ' 9'],
        ...['*** Add File: two.txt', '+second'],
      );
      assert.equal(stage.file('one.txt'), '1\ntwo\n3\n4\n5\n6\n7\neight\n9\n');
      assert.equal(stage.file('two.txt'), 'second\n');
    });
  });

  it('changes nothing when a patch does not fit, and says why', async () => {
    const { tap } = await play(get(), async (stage) => {
      writeFileSync(stage.path('keep.txt'), 'a\nb\n');
      const wrong = await stage.one(patch('*** Update File: keep.txt', '@@', '-not there', '+x'));
      assert.match(wrong.text, /Failed to find expected lines/);
      const missing = await stage.one(patch('*** Delete File: nowhere.txt'));
      assert.doesNotMatch(missing.text, /Success/);
      assert.equal(readFileSync(stage.path('keep.txt'), 'utf8'), 'a\nb\n');
    });
    assert.equal(ofMethod(tap.messages, 'fs/writeFile').length, 0);
    assert.equal(ofMethod(tap.messages, 'fs/remove').length, 0);
  });

  it('takes a patch that a shell command contains', async () => {
    await play(
      get(),
      async (stage) => {
        const lines = ['*** Begin Patch', '*** Add File: by-shell.txt', '+hello', '*** End Patch'];
        const result = await stage.exec(`apply_patch <<'EOF'\n${lines.join('\n')}\nEOF\n`);
        assert.match(result.text, /Success/, result.text);
        assert.equal(stage.file('by-shell.txt'), 'hello\n');
        assert.equal(ofMethod(stage.tap.messages, 'fs/writeFile').length, 1);
        assert.equal(ofMethod(stage.tap.messages, 'process/start').length, 0);
      },
      { unserved: true },
    );
  });
}
