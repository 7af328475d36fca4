import { platform } from 'node:os';
import type { Environments } from '../../hub';
import { oneLine } from '../text/clean';
import type { EnvironmentViewModel } from './describe';

/** What exec-servers call the systems that Node calls otherwise. */
const SYSTEM_NAMES: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: 'macos',
  win32: 'windows',
};

/** What the rows of an environment are made of. */
export function environmentViewModel(environments: Environments, id: string): EnvironmentViewModel {
  const info = environments.environment(id)?.info;
  const entry = environments.entry(id);
  return {
    kind: entry ? ('url' in entry ? 'url' : 'command') : 'local',
    state: environments.state(id),
    latencyMs: environments.latencyMs(id),
    shell: entry && info ? oneLine(info.shell.name) : undefined,
    os: entry ? info && oneLine(info.platformOs) : (SYSTEM_NAMES[platform()] ?? platform()),
    running: environments.running(id).length,
  };
}
