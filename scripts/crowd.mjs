// Three agents with ten commands each that stay, for pictures of a pane that is full.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client } from './attack/host.mjs';

/** Whom they seem to be, and what they run. */
const AGENTS = {
  Codex: ['npm run dev', 'npm test -- --watch', 'tsc --watch --noEmit', 'vite preview', 'eslint src --fix'],
  'Claude Code': [
    'cargo watch -x test',
    'cargo build --release',
    'trunk serve',
    'mdbook serve',
    'just check',
  ],
  'Gemini CLI': ['pytest -x tests', 'uvicorn app:main', 'mypy src', 'ruff check src', 'celery worker'],
};
/** The command whose output is long, and how many lines that has. */
export const LONG = { command: 'cargo build --release', lines: 120_000 };

/** Stands for all their programs: says what it is now and then, with a child below it. */
const STAND_IN = `#!/bin/sh
name="\${0##*/} $*"
if [ "$name" = '${LONG.command}' ]; then seq -f 'Compiling crate-%.0f v1.0.0' ${LONG.lines}; exec sleep 6000; fi
sleep 600 &
while sleep 2; do echo "$(date +%T) $name"; done
`;

/**
 * @param {string} url of the exec-server
 * @param {string} folder where they work
 * @returns {Promise<() => Promise<void>>} ends all of it
 */
export async function startCrowd(url, folder) {
  const bin = path.join(folder, '.bin');
  mkdirSync(bin);
  for (const command of Object.values(AGENTS).flat()) {
    const program = path.join(bin, command.replace(/ .*/, ''));
    writeFileSync(program, STAND_IN);
    chmodSync(program, 0o755);
  }
  const env = { PATH: `${bin}:${process.env.PATH}` };
  const cwd = pathToFileURL(path.join(folder, 'shop')).href;
  /** @type {{ agent: Client, ids: string[] }[]} */
  const agents = [];
  for (const [clientName, commands] of Object.entries(AGENTS)) {
    const agent = await Client.greeted(url, { clientName, resumeSessionId: null });
    const ids = [];
    agents.push({ agent, ids });
    // Each in two places of the workspace.
    for (const place of ['shop', 'site']) {
      mkdirSync(path.join(folder, place), { recursive: true });
      for (const command of commands) {
        const own = command.split(' ');
        const argv = place === 'shop' ? own : ['/bin/sh', '-c', `cd ../site && ${command}`];
        const id = `${place} ${command}`;
        const { error } = await agent.start(id, argv, { cwd, env });
        if (error) throw new Error(error.message);
        ids.push(id);
      }
    }
  }
  return async () => {
    for (const { agent, ids } of agents) {
      for (const processId of ids) await agent.call('process/terminate', { processId });
      await agent.drop();
    }
  };
}
