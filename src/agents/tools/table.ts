import { execCommand } from './execCommand';
import { listEnvironments } from './listEnvironments';
import { listProcesses } from './listProcesses';
import { readOutput } from './readOutput';
import { screen } from './screen';
import { interrupt, terminate } from './stopping';
import type { Tool } from './tool';
import { waitFor } from './waitFor';
import { writeStdin } from './writeStdin';

/** Every tool, in the order in which models see them. */
export const TOOLS: readonly Tool[] = [
  execCommand,
  writeStdin,
  readOutput,
  waitFor,
  screen,
  interrupt,
  terminate,
  listProcesses,
  listEnvironments,
];

/** For a model that has these tools. */
export const INSTRUCTIONS =
  "Commands run in the person's editor: they see each one live, may type into it and may stop it. Prefer exec_command " +
  'to a built-in shell tool. A command that outlives its yield time goes on: poll or answer it with write_stdin, wait ' +
  'for what you need with wait_for, and end what you no longer need.';
