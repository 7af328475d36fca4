import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CASE_MS, STEP_MS } from '../../scripts/host/patience.mjs';
import type { ManagedProcess } from '../../src/environment';
import { HiddenPrompts } from '../support/hiddenPrompts';
import { memoryHolds } from '../support/memoryOf';
import { holds, writtenFiles } from '../support/writtenFiles';
import { until, untilOutput } from '../unit/process/helpers';
import { sh } from './collect';
import { KeptWorkspace, type KeptWindow } from './keptWorkspace';

/** Behind a secret, so that what came before it goes from memory to a file. */
const FLOOD = 'seq 1 60000';

(process.platform === 'linux' ? describe : describe.skip)(
  'a secret that a person types at a window into a command that a server keeps',
  function () {
    this.timeout(CASE_MS);
    const folder = mkdtempSync(join(tmpdir(), 'secret-'));
    const secret = randomBytes(12).toString('hex');
    /** What came to the agent, answers and all. */
    const heard: Buffer[] = [];
    let prompts: HiddenPrompts;
    let kept: KeptWorkspace;
    let window: KeptWindow;
    let server = 0;

    before(async () => {
      prompts = await HiddenPrompts.prepare(folder, secret);
      kept = new KeptWorkspace({ retainedBytesPerProcess: 65_536 });
      window = await kept.window();
      server = kept.pid ?? assert.fail('no server');
    });
    after(async () => {
      await kept.close();
      await prompts[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    });

    /** Every file of the server, output without a name too. */
    const files = (): Buffer[] => writtenFiles(kept.home, server).map(({ bytes }) => bytes);

    /** The row of an agent's command. */
    async function run(processId: string, params: Parameters<typeof sh>[1]): Promise<ManagedProcess> {
      const agent = await kept.agent(window);
      await agent.start({ ...sh('', params), processId }, (event) => {
        if (event.type === 'output') heard.push(event.chunk);
      });
      return window.row(processId);
    }

    function assertNowhere(): void {
      assert.deepEqual(memoryHolds(server, secret), [0], 'memory');
      assert.ok(!files().some((bytes) => holds(bytes, secret)), 'files');
      assert.ok(!holds(Buffer.concat(heard), secret), 'the agent');
    }

    it('at the prompts of bash, sudo, su and ssh, key by key or pasted, is nowhere in its memory, nor in its files', async () => {
      const flooding = {
        ...{ name: 'flood', asks: /Word: $/, accepts: /60000\r?\n$/ },
        argv: ['bash', '-c', `read -rs -p "Word: " word; ${FLOOD}; sleep 1074`],
      };
      for (const { name, argv, asks, accepts } of [flooding, ...prompts.all]) {
        for (const keys of name === 'flood' ? [[secret]] : [secret.match(/./g) ?? [], [secret]]) {
          const row = await run(`${name} ${keys.length}`, { argv: [...argv], tty: true });
          await untilOutput(row, asks);
          await until(() => row.keyboard.hides, STEP_MS, `${name} hides`);
          for (const key of [...keys, '\r']) assert.equal(await row.type(Buffer.from(key)), 'accepted');
          await untilOutput(row, accepts);
          assertNowhere();
          if (name !== 'flood') await row.stop({ from: 'kill', by: 'person', graceMs: 2000 });
        }
      }
      assert.ok(
        files().some((bytes) => bytes.includes('"kind":"typed"')),
        'the looking finds the time-line',
      );
      const [found] = memoryHolds(server, 'it has ${#word} letters');
      assert.ok(found, 'the looking finds a command');
    });

    it('from the box of Send Secret… goes into a pipe, and is nowhere there either', async () => {
      const script = 'read -r a; echo "length ${#a}"; sleep 1075';
      const row = await run('pipe', { argv: ['sh', '-c', script], pipeStdin: true });
      assert.equal(await row.type(Buffer.from(`${secret}\n`), true), 'accepted');
      await untilOutput(row, /length 24/);
      assertNowhere();
    });
  },
);
