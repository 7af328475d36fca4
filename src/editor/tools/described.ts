import type { ToolDescription } from '../../agents/api';
import { TOOLS } from '../../agents/tools/table';

/** The tools with the JSON Schemas that the manifest has, which are made from the same table. */
export function describedTools(manifest: unknown): ToolDescription[] {
  const { contributes } = manifest as {
    contributes: { languageModelTools: { name: string; inputSchema: object }[] };
  };
  return TOOLS.map(({ name, title, description }) => {
    const declared = contributes.languageModelTools.find((tool) => tool.name === `execServer_${name}`);
    return { name, title, description, inputSchema: declared?.inputSchema ?? {} };
  });
}
