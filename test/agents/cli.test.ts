/**
 * The real Codex CLI against the server without an editor (dist/cli.js), or against the one that
 * AGENTS_SERVER_URL or AGENTS_SERVER=reference names.
 */
import { agentSuite } from './suite';
import { openTarget } from './target';

const named = process.env['AGENTS_SERVER_URL']
  ? 'a given URL'
  : (process.env['AGENTS_SERVER'] ?? 'dist/cli.js');

agentSuite(`Codex CLI with ${named}`, () => openTarget());
