import { dial, findWindow } from '../../agents/discovery';
import { McpRelay } from './mcpRelay';

/**
 * Serves the tools of the window whose workspace holds this folder, on stdin and stdout, until stdin ends. Rejects with
 * a sentence when no window is open for it.
 */
export async function relayMcp(): Promise<void> {
  const folder = process.cwd();
  const connect = () => dial(findWindow(folder), 'mcp');
  const relay = new McpRelay({ connect, write: (line) => void process.stdout.write(`${line}\n`) });
  await relay.open();
  for await (const chunk of process.stdin) await relay.receive(chunk as Buffer);
  relay.end();
}
