/** The way to the server: dropped and resumed, gone, guarded by a token. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { asObject } from '../json';
import { play, type Stage } from '../stage';
import type { AgentTarget } from '../target';
import { eventually, fileThere } from '../wait';
import { ofMethod, params, replyTo } from '../wireChecks';

const until = (name: string): string => `until [ -e ${name} ]; do sleep 0.05; done`;

/** Cuts the line before `go1`, heals it after `s2` and lets the command end after the resume. */
async function cutMeanwhile(stage: Stage): Promise<void> {
  await fileThere(stage.path('s1'));
  await stage.tap.seen('the first output', ({ body }) => body['method'] === 'process/output');
  stage.tap.cut();
  writeFileSync(stage.path('go1'), '');
  await fileThere(stage.path('s2'));
  stage.tap.heal();
  await eventually('the answer to process/read after the resume', () =>
    ofMethod(stage.tap.messages, 'process/read').some((read) => replyTo(stage.tap.messages, read)),
  );
  writeFileSync(stage.path('go2'), '');
}

/** The text of environments.toml with one environment and no local one. */
function environments(url: string, token: string): string {
  return [
    'default = "editor"',
    'include_local = false',
    '[[environments]]',
    'id = "editor"',
    `url = "${url}"`,
    `auth_bearer_token = "${token}"`,
    '',
  ].join('\n');
}

/** Defines the cases. */
export function connectionScenarios(get: () => AgentTarget): void {
  it('resumes after a dropped connection: all output, exactly once', async () => {
    const { tap } = await play(
      get(),
      async (stage) => {
        const parts = [`seq 1 700; touch s1; ${until('go1')}`, `seq 701 1400; touch s2; ${until('go2')}`];
        const running = stage.exec(`${parts.join('; ')}; seq 1401 2100; echo end > end.txt; exit 4`);
        const [first] = await Promise.all([running, cutMeanwhile(stage)]);
        const end = await stage.toEnd(first);
        assert.equal(end.exitCode, 4);
        const numbers = Array.from({ length: 2100 }, (_, index) => `${String(index + 1)}\n`).join('');
        assert.equal(end.output, numbers);
        assert.equal(stage.file('end.txt'), 'end\n');
        assert.equal((await stage.exec('echo next')).output, 'next\n');
      },
      { cuts: true },
    );
    const greetings = ofMethod(tap.messages, 'initialize');
    const sessions = greetings.map((it) => asObject(replyTo(tap.messages, it)?.['result'])['sessionId']);
    const last = greetings.at(-1);
    assert.ok(greetings.length >= 2 && last);
    assert.equal(params(last)['resumeSessionId'], sessions[0]);
    assert.equal(sessions.at(-1), sessions[0]);
    assert.equal(ofMethod(tap.messages, 'process/start').length, 2, 'nothing was run twice');
  });

  it('resumes while nothing runs', async () => {
    const { tap } = await play(
      get(),
      async (stage) => {
        assert.equal((await stage.exec('echo one >> log; cat log')).output, 'one\n');
        stage.tap.cut();
        stage.tap.heal();
        await eventually('the resumed session', () => {
          const [, again] = ofMethod(stage.tap.messages, 'initialize');
          return again && replyTo(stage.tap.messages, again);
        });
        assert.equal((await stage.exec('echo two >> log; cat log')).output, 'one\ntwo\n');
      },
      { cuts: true },
    );
    assert.ok(ofMethod(tap.messages, 'initialize').length >= 2);
  });

  it('takes the token from environments.toml as a bearer header', async function () {
    const bearer = await get().bearer?.();
    if (!bearer) {
      console.log('        skipped: this server takes no token');
      return this.skip();
    }
    try {
      const { tap } = await play(
        get(),
        async (stage) => {
          const result = await stage.exec('echo with-header | tee header.txt');
          assert.equal(result.output, 'with-header\n', result.text);
          assert.equal(stage.file('header.txt'), 'with-header\n');
        },
        { url: bearer.url, environments: (url) => environments(url, bearer.token) },
      );
      assert.match(tap.upgrades[0] ?? '', / 101 /);
    } finally {
      await bearer.close();
    }
  });

  it('lets nothing run with a wrong token, neither there nor on the machine of the agent', async function () {
    const bearer = await get().bearer?.();
    if (!bearer) {
      console.log('        skipped: this server takes no token');
      return this.skip();
    }
    try {
      const { tap } = await play(
        get(),
        async (stage) => {
          const result = await stage.exec('touch ran.txt');
          assert.match(result.text, /No usable execution environment/);
          assert.equal(stage.file('ran.txt'), undefined);
        },
        { url: bearer.url, environments: (url) => environments(url, `${bearer.token}x`), unserved: true },
      );
      assert.deepEqual([...new Set(tap.upgrades.map((line) => line.split(' ')[1]))], ['401']);
    } finally {
      await bearer.close();
    }
  });
}
