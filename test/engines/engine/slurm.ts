import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import type { Engine } from './engine';
import { Daemon, lacking, run } from './run';

const PROGRAMS = [
  '/usr/sbin/munged',
  '/usr/sbin/slurmctld',
  '/usr/sbin/slurmd',
  '/usr/bin/srun',
  '/usr/bin/sinfo',
];

/** A cluster of one node, this machine; each command is a job. */
export class Slurm implements Engine {
  readonly name = 'Slurm';
  readonly cwd = '/tmp';
  private readonly folder = path.join(tmpdir(), `engine-slurm-${process.pid}`);
  readonly env = { SLURM_CONF: this.at('slurm.conf'), XDG_CACHE_HOME: this.at('cache') };
  private readonly daemons: Daemon[] = [];

  missing(): string | undefined {
    return lacking(PROGRAMS, 'slurm-wlm and munge');
  }

  async start(): Promise<void> {
    mkdirSync(this.folder);
    for (const name of ['state', 'spool', 'munge']) mkdirSync(this.at(name));
    chmodSync(this.folder, 0o755);
    writeFileSync(this.at('munge/key'), randomBytes(128), { mode: 0o400 });
    const munge = (name: string): string => this.at(`munge/${name}`);
    const files = ['--key-file', munge('key'), '--socket', munge('socket'), '--pid-file', munge('pid')];
    const more = ['--log-file', munge('log'), '--seed-file', munge('seed'), '--force', '--foreground'];
    this.daemons.push(new Daemon('/usr/sbin/munged', [...files, ...more]));
    writeFileSync(this.at('slurm.conf'), this.config(hostname(), 20_000 + (process.pid % 20_000)));
    this.daemons.push(new Daemon('/usr/sbin/slurmctld', ['-D', '-i', '-f', this.env.SLURM_CONF]));
    const node = new Daemon('/usr/sbin/slurmd', ['-D', '-f', this.env.SLURM_CONF, '-N', hostname()]);
    this.daemons.push(node);
    await node.ready(async () => {
      const states = await run('/usr/bin/sinfo', ['-h', '-o', '%t'], this.env);
      if (states.trim() !== 'idle') throw new Error(`the node is ${states.trim()}`);
    });
  }

  words(): string[] {
    return ['/usr/bin/srun', '-Q', '-n1', '--unbuffered'];
  }

  async dispose(): Promise<void> {
    for (const daemon of this.daemons.reverse()) await daemon.end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private at(name: string): string {
    return path.join(this.folder, name);
  }

  private config(host: string, port: number): string {
    return `ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
AuthType=auth/munge
AuthInfo=socket=${this.at('munge/socket')}
CredType=cred/munge
SlurmUser=root
SlurmctldPort=${port}
SlurmdPort=${port + 1}
StateSaveLocation=${this.at('state')}
SlurmdSpoolDir=${this.at('spool')}
SlurmctldPidFile=${this.at('slurmctld.pid')}
SlurmdPidFile=${this.at('slurmd.pid')}
SlurmctldLogFile=${this.at('slurmctld.log')}
SlurmdLogFile=${this.at('slurmd.log')}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
KillWait=5
NodeName=${host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=${host} Default=YES MaxTime=INFINITE OverSubscribe=FORCE:8 State=UP
`;
  }
}
