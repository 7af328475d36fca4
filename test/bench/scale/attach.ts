/**
 * `exec-server attach` over ssh to a machine that has it already, beside what ssh itself takes. Measured is, in turn:
 * `ssh box true` from its start to its end; `attach -- ssh box` from its start to the answer to `initialize`, which its
 * client sends at once. Its end is waited for and does not count; it does in the processor time, which is of all
 * processes of both sides, from the first to the last.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Environment } from '../../../src/environment';
import { SshHost } from '../../clients/sshHost';
import { CLI } from '../../engines/far';
import { childrenOf } from '../../wire/procfs';
import { median, timed } from '../facts';

const ROUNDS = 15;
/** Between two measurements, in ms: until those that have ended are collected. */
const SETTLE_MS = 100;
/** The kernel counts processor time in hundredths of a second. */
const TICK_MS = 10;

interface Sample {
  readonly ms: number;
  readonly cpuMs: number;
}

export async function* scaleAttach(): AsyncGenerator<string> {
  const missing = SshHost.missing();
  if (missing !== undefined) {
    yield `attach is skipped: ${missing}`;
    return;
  }
  // Each Node that starts with it parses all those certificates, whatever it is to do: a matter of this machine.
  delete process.env['NODE_EXTRA_CA_CERTS'];
  const host = new SshHost((own) => [`SetEnv XDG_CACHE_HOME=${own.file('cache')}`]);
  mkdirSync(host.file('cache'));
  await host.start();
  try {
    const [sshd = 0] = childrenOf(process.pid);
    const plain = (): Promise<Sample> => sampleOf(sshd, () => ssh(host.command('true')));
    const whole = (): Promise<Sample> => sampleOf(sshd, () => attach(host));
    const first = await whole();
    await plain();
    // What is compiled there has been kept by now, and is used from here on.
    await whole();
    const [bare, attached, ratios]: [Sample[], Sample[], number[]] = [[], [], []];
    while (ratios.length < ROUNDS) {
      const isFirst = ratios.length % 2 === 0;
      const before = isFirst ? undefined : await whole();
      const alone = await plain();
      const there = before ?? (await whole());
      bare.push(alone);
      attached.push(there);
      ratios.push(there.ms / alone.ms);
    }
    const ms = (samples: readonly Sample[]): string =>
      `${median(samples.map((one) => one.ms)).toFixed(0)} ms`;
    const cpu = (samples: readonly Sample[]): number =>
      samples.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / samples.length;
    const both = (samples: readonly Sample[]): string => `${ms(samples)} | ${cpu(samples).toFixed(0)} ms`;
    yield '| | until it is done | processor time, both sides |';
    yield `| \`ssh box true\` | ${both(bare)} |`;
    yield `| \`attach -- ssh box\`, to the answer to \`initialize\` | ${both(attached)} |`;
    yield `| the second in the first, median of each pair | ${median(ratios).toFixed(2)} | ${(cpu(attached) / cpu(bare)).toFixed(2)} |`;
    yield `| the first time, when all is sent | ${ms([first])} | ${first.cpuMs.toFixed(0)} ms |`;
  } finally {
    await host.dispose();
  }
}

/** What a task takes that tells its milliseconds itself, and all processes of both sides together. */
async function sampleOf(sshd: number, task: () => Promise<number>): Promise<Sample> {
  await sleep(SETTLE_MS);
  const before = cpuOf('self') + cpuOf(sshd);
  const ms = await task();
  await sleep(SETTLE_MS);
  return { ms, cpuMs: cpuOf('self') + cpuOf(sshd) - before };
}

/** Processor time of the children of a process that have ended, and of theirs, in ms. */
function cpuOf(pid: number | 'self'): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS;
}

/** Milliseconds from its start to its end. */
function ssh([program = '', ...args]: readonly string[]): Promise<number> {
  return timed(async () => {
    const [status] = (await once(spawn(program, args, { stdio: 'ignore' }), 'exit')) as [number | null];
    if (status !== 0) throw new Error(`ssh ended with ${status}`);
  });
}

/** Milliseconds to the first answer of the exec-server there; its end is waited for and does not count. */
async function attach(host: SshHost): Promise<number> {
  const args = [CLI, 'attach', '--', ...host.command()];
  await using far = Environment.remote({ id: 'far', program: process.execPath, args });
  return await timed(() => far.connect());
}
