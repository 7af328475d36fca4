/** What the client of Codex's app-server does to commands: the engine of its IDE extension, connected by its file. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { CASE_MS } from '../../../scripts/host/patience.mjs';
import { environmentsToml } from '../../../src/agents/connect/codexFile';
import { announce, foldersIn, type Announced } from '../../../src/agents/discovery';
import { writePrograms } from '../../../src/agents/programs/writePrograms';
import type { ManagedProcess } from '../../../src/environment';
import { createHub, type Hub } from '../../../src/hub';
import { describeEnvironment, ExecServer } from '../../../src/server';
import { eventually, pidOf, runs } from '../../mcp/processes';
import { silent, SURROUNDINGS } from '../../unit/server/fakes';
import { exec, stdin, ToolResult } from '../calls';
import type { Beside } from '../codexApp';
import { runCodex, type CodexResult } from '../codexRun';
import { asArray, asObject, asString } from '../json';
import { MockModel } from '../mockModel';

const BUNDLE = join(import.meta.dirname, '../../../dist/doors.js');
/** Milliseconds that a session lives when its connection has gone; 80 s in a window. */
const DETACHED_MS = 3000;
/** Seconds that nothing else sleeps, a number for each command. */
const seconds = (index: number): string => `62${index}.${process.pid}`;
const LONG = [1, 2].map(seconds);

(process.platform === 'linux' ? describe : describe.skip)(
  'the engine of Codex, connected by its file',
  function () {
    this.timeout(CASE_MS);
    let root: string;
    let work: string;
    let program: string;
    let hub: Hub;
    let server: ExecServer;
    let announced: Announced;
    /** Of the engine that is connected. */
    let wire: Socket;
    const problems: string[] = [];

    beforeEach(async () => {
      root = realpathSync(mkdtempSync(join(tmpdir(), 'codex-engine-')));
      work = join(root, 'work');
      mkdirSync(work);
      const folders = foldersIn(join(root, 'state/exec-server'));
      ({ program } = writePrograms(folders, { bundle: BUNDLE, node: process.execPath, isEditor: false }));
      hub = createHub({ folder: () => work });
      server = await ExecServer.listen({
        ...{ host: '127.0.0.1', port: 0, auth: { type: 'token' }, backend: hub.local, log: silent },
        environmentInfo: () => describeEnvironment({ executorVersion: '0', surroundings: SURROUNDINGS }),
        limits: { detachedMs: DETACHED_MS },
      });
      announced = await announce({
        ...{ kind: 'window', name: 'Editor', folders: [work], windows: folders.windows },
        doors: {
          wire: (stream, peer) => {
            wire = stream;
            server.acceptStream(stream, peer);
          },
        },
        refused: (message) => problems.push(message),
      });
    });
    afterEach(async () => {
      await announced.close();
      await server.close();
      await hub.close();
      assert.deepEqual(problems.splice(0), []);
      rmSync(root, { recursive: true, force: true });
    });

    type App = Parameters<Beside>[0];
    /** One turn of the engine; what is done in it is all that its client and its model do. */
    async function turn(
      door: boolean,
      body: (app: App, model: MockModel) => Promise<void>,
    ): Promise<CodexResult> {
      const model = await MockModel.open();
      let failed: unknown;
      try {
        const result = await runCodex({
          ...{ url: '', limit: CASE_MS / 4, work, model: model.baseUrl, sandbox: 'danger-full-access' },
          ...{ home: join(root, door ? 'door' : 'bare'), state: join(root, 'state') },
          ...(door ? { environments: environmentsToml(program) } : {}),
          approve: () => true,
          beside: async (app) => {
            await body(app, model).catch((error: unknown) => (failed = error));
            await app.ask('turn/interrupt', { threadId: app.threadId, turnId: app.turnId });
          },
        });
        if (failed !== undefined) throw failed as Error;
        assert.ok(!result.timedOut, result.stderr);
        return result;
      } finally {
        await model.close();
      }
    }
    const row = (text: string): ManagedProcess | undefined =>
      hub.list().find(({ spec }) => spec.argv.at(-1)?.includes(text));
    const states = (): unknown[] => hub.list().map(({ state, closed }) => [state, closed]);
    const running = (): boolean[] => LONG.map((long) => runs(`sleep\0${long}`));

    it('lets a command that takes too long run on, and has it interrupted, as without us', async () => {
      const cmd = `trap 'echo bye; exit 9' INT; echo begun; sleep ${LONG[0]}; echo not here`;
      const play = async (door: boolean): Promise<unknown[]> => {
        const told: unknown[] = [];
        await turn(door, async (_, model) => {
          const [first] = await model.turn([exec(cmd, { yield_time_ms: 2000 })]);
          const { session, output } = new ToolResult(first);
          assert.ok(session !== undefined, new ToolResult(first).text);
          if (door) assert.equal(row(cmd)?.state, 'running');
          const [second] = await model.turn([stdin(session, '\u0003')]);
          const { exitCode, output: last } = new ToolResult(second);
          told.push(output, exitCode, last);
          if (door) assert.equal(row(cmd)?.exitCode, 9);
        });
        return told;
      };
      const door = await play(true);
      assert.deepEqual(door, ['begun\n', 9, 'bye\n']);
      assert.deepEqual(door, await play(false));
    });

    it('refuses its client what would run beside the window, time-out or not, and runs none of it', async () => {
      await turn(true, async ({ ask, threadId }, model) => {
        const asked = [
          ['command/exec', { command: ['touch', 'elsewhere'], cwd: work, timeoutMs: 60_000 }],
          ['thread/shellCommand', { threadId, command: 'touch elsewhere', timeoutMs: 60_000 }],
        ] as const;
        for (const [method, params] of asked) {
          const { error } = await ask(method, params);
          assert.match(asString(asObject(error)['message']), /local environment is not configured/, method);
        }
        await model.finish('Done.');
      });
      assert.ok(!existsSync(join(work, 'elsewhere')));
      assert.deepEqual(states(), []);
    });

    it('interrupted in the middle leaves what it began as without us, until its terminals are cleaned or it ends', async () => {
      const interrupt = async (door: boolean, clean: boolean): Promise<unknown[]> => {
        const seen: unknown[] = [];
        const { events } = await turn(door, async ({ ask, threadId, turnId }, model) => {
          await model.turn([exec(`echo first; exec sleep ${LONG[0]}`, { yield_time_ms: 1000 })]);
          // The turn ends before its answer.
          model.turn([exec(`echo second; exec sleep ${LONG[1]}`)]).catch(() => undefined);
          // Codex ends a command that it has not listed yet.
          const listed = async (): Promise<number> => {
            const { result } = await ask('thread/backgroundTerminals/list', { threadId });
            return asArray(asObject(result)['data']).length;
          };
          const both = async (): Promise<boolean> => running().every(Boolean) && (await listed()) === 2;
          await eventually(both, 'both run');
          assert.deepEqual((await ask('turn/interrupt', { threadId, turnId }))['result'], {});
          seen.push(running());
          const isRight = (): boolean =>
            isDeepStrictEqual(
              states().slice(-2),
              running().map((is) => [is ? 'running' : 'killed', !is]),
            );
          if (door) await eventually(isRight, 'the rows to be right');
          if (!clean) return;
          await ask('thread/backgroundTerminals/clean', { threadId });
          await eventually(() => !running().some(Boolean), 'none runs');
          if (door) await eventually(() => hub.list().every(({ closed }) => closed), 'the rows close');
        });
        await eventually(() => !running().some(Boolean), 'none is left');
        const ends = events.filter(({ method }) => method === 'turn/completed');
        return [...seen, ...ends.map(({ params }) => asObject(asObject(params)['turn'])['status'])];
      };
      const bare = await interrupt(false, true);
      assert.deepEqual(await interrupt(true, true), bare);
      assert.deepEqual(await interrupt(true, false), bare);
      assert.equal(bare.at(-1), 'interrupted');
      await eventually(() => hub.list().every(({ closed }) => closed), 'the rows close');
      assert.deepEqual(states(), Array(4).fill(['killed', true]));
    });

    it('interrupted between a start and its answer leaves nothing running', async () => {
      await turn(true, async ({ ask, threadId, turnId }, model) => {
        await model.turn([exec('true')]);
        wire.cork();
        model.turn([exec(`exec sleep ${LONG[0]}`)]).catch(() => undefined);
        await eventually(() => running()[0] ?? false, 'it runs');
        assert.deepEqual((await ask('turn/interrupt', { threadId, turnId }))['result'], {});
        wire.uncork();
        await eventually(() => !running()[0], 'it has ended');
        await eventually(() => hub.list().every(({ closed }) => closed), 'its row closes');
      });
      assert.deepEqual(states().at(-1), ['killed', true]);
    });

    it('is told when its program is killed in the middle, and what it ran ends with the session, not with Codex', async () => {
      const { events } = await turn(true, async (_, model) => {
        const under = model.turn([exec(`echo begun; exec sleep ${LONG[0]}`)]);
        await eventually(() => running()[0] ?? false, 'it runs');
        process.kill(pidOf(`${program}.js\0connect`) ?? 0, 'SIGKILL');
        assert.match(JSON.stringify(await under), /disconnected/);
        assert.match(JSON.stringify(await model.turn([exec('touch elsewhere')])), /disconnected/);
        await eventually(() => !running()[0], 'it has ended');
        await eventually(() => hub.list().every(({ closed }) => closed), 'its row closes');
      });
      assert.deepEqual(states(), [['killed', true]]);
      const items = events.map(({ method, params }) => [method, asObject(asObject(params)['item'])] as const);
      const [ended] = items.filter(
        ([method, { type }]) => method === 'item/completed' && type === 'commandExecution',
      );
      assert.equal(ended?.[1]['status'], 'failed');
      assert.ok(!existsSync(join(work, 'elsewhere')));
    });
  },
);
