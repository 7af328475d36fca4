/** Commands in a sandbox that the agent comes back to: polled, typed into, interrupted, left behind, cut off. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { stdin } from '../calls';
import { play, type Stage } from '../stage';
import type { AgentTarget } from '../target';
import { eventually, fileThere } from '../wait';
import { ofMethod, replyTo } from '../wireChecks';

const trap = (ready: string): string =>
  `trap 'echo caught; exit 9' INT; touch ${ready}; while :; do sleep 0.05; done`;
const BRIEF = { yield_time_ms: 1_000 };

async function runs(stage: Stage, cmd: string, tty = false): Promise<number> {
  const { session, text } = await stage.exec(cmd, { ...BRIEF, tty });
  assert.ok(session !== undefined, text);
  return session;
}

/** Whether something still touches the file. */
async function beats(stage: Stage): Promise<boolean> {
  const { exitCode, text } = await stage.exec('rm beat; sleep 0.5; [ -e beat ]');
  assert.ok(exitCode !== undefined, text);
  return exitCode === 0;
}

/** Defines the cases. */
export function confinedSessionScenarios(get: () => AgentTarget): void {
  it('workspace-write: terminals, interrupts, long commands and what they leave behind', async () => {
    const isReference = get().sandbox === 'enforced' && !get().splitsFrames;
    await play(
      get(),
      async (stage) => {
        const asked = await runs(stage, 'test -t 0 && read -r name && echo "hello $name" > said.txt', true);
        await stage.toEnd(await stage.one(stdin(asked, 'wörld\n')));
        assert.equal(stage.file('said.txt'), 'hello wörld\n');

        for (const tty of [true, false]) {
          const ready = `ready-${String(tty)}`;
          const session = await runs(stage, trap(ready), tty);
          await fileThere(stage.path(ready));
          const end = await stage.toEnd(await stage.one(stdin(session, '\u0003')));
          // The reference kills the whole of it instead.
          if (!isReference) assert.equal(end.exitCode, 9);
        }

        const first = await stage.exec('until [ -e go ]; do sleep 0.05; done; echo late; exit 7', BRIEF);
        const still = await stage.one(stdin(first.session ?? -1, '', 5_000));
        assert.ok(still.session !== undefined, still.text);
        writeFileSync(stage.path('go'), '');
        assert.deepEqual(await stage.toEnd(still), { exitCode: 7, output: 'late\n' });

        const left = await stage.exec(
          '(while :; do touch beat; sleep 0.05; done) > /dev/null 2>&1 & touch beat',
        );
        assert.equal(left.exitCode, 0, left.text);
        assert.equal(await beats(stage), false, 'a background child outlives its command');
      },
      { sandbox: 'workspace-write' },
    );
  });

  it('workspace-write: a command goes on while the connection is cut, and loses nothing', async () => {
    await play(
      get(),
      async (stage) => {
        const until = (name: string) => `until [ -e ${name} ]; do sleep 0.05; done`;
        const running = stage.exec(
          `echo one; touch s1; ${until('g1')}; echo two; touch s2; ${until('g2')}; exit 4`,
        );
        const cut = async () => {
          await fileThere(stage.path('s1'));
          await stage.tap.seen('the first output', ({ body }) => body['method'] === 'process/output');
          stage.tap.cut();
          writeFileSync(stage.path('g1'), '');
          await fileThere(stage.path('s2'));
          stage.tap.heal();
          await eventually('the answer to process/read after the resume', () =>
            ofMethod(stage.tap.messages, 'process/read').some((read) => replyTo(stage.tap.messages, read)),
          );
          writeFileSync(stage.path('g2'), '');
        };
        const [first] = await Promise.all([running, cut()]);
        assert.deepEqual(await stage.toEnd(first), { exitCode: 4, output: 'one\ntwo\n' });
      },
      { sandbox: 'workspace-write', cuts: true },
    );
  });
}
