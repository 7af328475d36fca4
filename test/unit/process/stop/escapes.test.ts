import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessTable } from '../../../../src/process/processTable';
import type { SpawnSpec } from '../../../../src/process/types';
import { linux, lives, OWNER, shell, spec, until, untilOutput } from '../helpers';

interface Escape {
  /** Says `pid N` of each that tries to get away, and `ready` when they have. */
  readonly script: string;
  readonly tty?: boolean;
  readonly shell?: 'sh' | 'bash';
  /** A program without which it cannot be tried. */
  readonly needs?: string;
  /** The leader is to have ended before the kill. */
  readonly ended?: true;
}

const DEAF = 'trap "" INT TERM HUP';
/** Says its pid and stays; without output of ours open if told so. */
const stay = (first = ':', quiet = false): string =>
  `sh -c '${first}; echo pid $$${quiet ? '; exec >/dev/null 2>&1 </dev/null' : ''}; while :; do sleep 1; done'`;
const STOPPED = `sh -c 'echo pid $$; kill -STOP $$; sleep 300'`;
const WAIT = 'sleep 0.3; echo ready; sleep 300';

const escapes: Record<string, Escape> = {
  'a child': { script: `${stay()} & ${WAIT}` },
  'a grandchild whose parent has gone': { script: `(${stay()} &) ; ${WAIT}` },
  'a session of its own, the parent lives': { script: `setsid ${stay()} & ${WAIT}` },
  'a session of its own, the parent has gone': { script: `(setsid ${stay()} &) ; ${WAIT}` },
  'a double fork and a session': {
    script: `(setsid sh -c "${stay().replaceAll('$', '\\$')} &" &) ; ${WAIT}`,
  },
  'the same without our output': { script: `(setsid ${stay(':', true)} &) ; ${WAIT}` },
  'the same in another folder': { script: `(setsid ${stay('cd /; umask 0', true)} &) ; ${WAIT}` },
  'an empty environment': { script: `(env -i setsid ${stay(':', true)} &) ; ${WAIT}` },
  nohup: { script: `nohup ${stay()} & ${WAIT}` },
  'nohup, the parent has gone': { script: `(nohup ${stay()} &) ; ${WAIT}` },
  disown: { script: `${stay()} & disown; ${WAIT}`, shell: 'bash' },
  'a group of its own': { script: `set -m; ${stay()} & set +m; ${WAIT}`, shell: 'bash' },
  'a group of its own, the parent has gone': { script: `(set -m; ${stay()} &) ; ${WAIT}`, shell: 'bash' },
  deaf: { script: `${stay(DEAF)} & ${WAIT}` },
  'deaf, in a session, the parent has gone': { script: `(setsid ${stay(DEAF, true)} &) ; ${WAIT}` },
  stopped: { script: `${STOPPED} & ${WAIT}` },
  'stopped, in a session, the parent has gone': { script: `(setsid ${STOPPED} &) ; ${WAIT}` },
  'a session from a terminal': { script: `(setsid ${stay()} &) ; ${WAIT}`, tty: true },
  'deaf for the hang-up of a terminal': { script: `(trap "" HUP; ${stay()} &) ; ${WAIT}`, tty: true },
  'a job of a terminal': { script: `set -m; ${stay()} & ${WAIT}`, tty: true, shell: 'bash' },
  'another name': { script: `(exec -a '[kworker]' setsid ${stay(':', true)} &) ; ${WAIT}`, shell: 'bash' },
  'a title over its environment': {
    script: `(setsid perl -e '$| = 1; $0 = "x" x 20000; print "pid $$\\n"; sleep 300' &) ; ${WAIT}`,
    needs: 'perl',
  },
  'another user': {
    script: `(setsid setpriv --reuid 65534 --clear-groups ${stay(':', true)} &) ; ${WAIT}`,
    needs: 'setpriv',
  },
  'namespaces of its own': {
    script: `(setsid unshare -Ur ${stay(':', true)} &) ; ${WAIT}`,
    needs: 'unshare',
  },
  'the system’s way to make daemons': {
    script: `start-stop-daemon --start --background --startas /bin/sleep --make-pidfile --pidfile "$D" -- 300; sleep 0.2; echo pid $(cat "$D"); ${WAIT}`,
    needs: 'start-stop-daemon',
  },
  'again and again in another session': {
    script: `H='echo pid $$; sleep 0.2; setsid sh -c "$H" & exit'; export H; (setsid sh -c "$H" &) ; ${WAIT}`,
  },
  'a daemon started when it is asked to end': {
    script: `trap '(setsid ${stay(':', true).replaceAll("'", '"').replaceAll('$', '\\$')} &); sleep 0.3' TERM; echo ready; while :; do sleep 0.05; done`,
  },
  'a daemon started at its end': {
    script: `trap '(setsid ${stay(':', true).replaceAll("'", '"').replaceAll('$', '\\$')} &)' EXIT; trap 'exit' TERM; echo ready; while :; do sleep 0.05; done`,
  },
  'a leader that killed itself': {
    script: `(setsid ${stay()} &) ; sleep 0.3; echo ready; kill -9 $$`,
    ended: true,
  },
  'a command in the background whose shell has ended': {
    script: `${stay()} & sleep 0.3; echo ready`,
    ended: true,
  },
};

const has = (program: string): boolean => {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`]);
    return true;
  } catch {
    return false;
  }
};

(linux ? describe : describe.skip)('thirty ways to escape a kill', () => {
  const table = new ProcessTable();
  const folder = mkdtempSync(join(tmpdir(), 'escapes-'));
  after(async () => {
    await table.shutdown({ graceMs: 0 });
    rmSync(folder, { recursive: true });
  });

  it('are thirty', () => assert.equal(Object.keys(escapes).length, 30));

  for (const rung of ['terminate', 'kill'] as const) {
    for (const [name, { script, tty = false, needs, ended, shell: by = 'sh' }] of Object.entries(escapes)) {
      it(`${name}: ended or named, from ${rung} on`, async function () {
        this.timeout(30_000);
        if (needs !== undefined && !has(needs)) {
          console.log(`      skipped: there is no ${needs} here`);
          this.skip();
        }
        const env = { PATH: process.env['PATH'] ?? '', D: join(folder, rung) };
        const what: SpawnSpec =
          by === 'sh' ? shell(script, { tty, env }) : spec(['bash', '-c', script], { tty, env });
        const row = await table.start('id', what, OWNER);
        const pidsIn = (text: string) => [...text.matchAll(/pid (\d+)/g)].map(([, pid]) => Number(pid));
        let text = await untilOutput(row, /ready/, 20_000);
        // On a busy machine one that gets away may take longer than its shell waits for it.
        const isEarly = !script.startsWith('trap') && !script.startsWith('H=');
        if (isEarly) text = await untilOutput(row, /pid \d+/, 20_000);
        if (ended) await until(() => row.exitCode !== null);
        else if (isEarly) assert.ok(pidsIn(text).some(lives), text);
        const survivors = await row.stop({ from: rung, graceMs: 600, by: 'person' });
        text = Buffer.concat((await row.read()).chunks.map(({ chunk }) => chunk)).toString();
        const named = new Set(survivors.map(({ pid }) => pid));
        const left = pidsIn(text).filter((pid) => lives(pid) && !named.has(pid));
        assert.deepEqual(left, [], text);
      });
    }
  }
});
