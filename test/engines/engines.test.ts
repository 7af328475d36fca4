import { Bubblewrap } from './engine/bubblewrap';
import { Docker } from './engine/docker';
import { Lxc } from './engine/lxc';
import { Podman } from './engine/podman';
import { Slurm } from './engine/slurm';
import { Ssh } from './engine/ssh';
import { itIsAMachine } from './cases';

/** The engines that people run, each for real, on machines that are made here from nothing. */
for (const Engine of [Ssh, Docker, Bubblewrap, Podman, Lxc, Slurm]) itIsAMachine(new Engine());
