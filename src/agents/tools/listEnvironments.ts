import { platform } from 'node:os';
import { LOCAL_ENVIRONMENT_ID } from '../../environment';
import { object } from '../members';
import { plain } from './plain';
import { tool } from './tool';

export const listEnvironments = tool({
  name: 'list_environments',
  title: 'List Machines',
  effect: 'reads',
  description: 'Lists the machines that exec_command can run commands on, by their ids.',
  schema: object({}),
  run: async (_args, { host }) => {
    const { environments } = host.hub;
    const here = await host.hub.place();
    const lines = [
      `${LOCAL_ENVIRONMENT_ID}: this machine, where commands run unless you say otherwise; ${platform()}, folder ${here.folder}`,
    ];
    for (const { id } of environments.entries.good) {
      const state = environments.state(id);
      const info = environments.environment(id)?.info;
      const facts = info
        ? `; ${plain(info.platformOs)}, folder ${plain(environments.folder(id))}`
        : ', its first use connects';
      lines.push(`${id}: ${state}${facts}`);
    }
    return lines.join('\n');
  },
});
