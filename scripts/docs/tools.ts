// Usage: node --import tsx scripts/docs/tools.ts [--check]
// Writes what is made from the table of tools: what the manifest says of them, their names for people, and the tables of
// docs/TOOLS.md. With --check it writes nothing, and tells, also by its status, what is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { toJsonSchema } from '@valibot/to-json-schema';
import { format, resolveConfig } from 'prettier';
import { TOOL_COMMAND_PREFIX } from '../../src/agents/toolCommands';
import { TOOLS } from '../../src/agents/tools/table';
import type { Tool } from '../../src/agents/tools/tool';

const PAGE = 'docs/TOOLS.md';
const BLOCK = /(<!-- tools -->).*(<!-- \/tools -->)/s;

interface Manifest {
  activationEvents: string[];
  contributes: { languageModelTools?: object[] };
}

interface Schema {
  readonly properties: Readonly<Record<string, { readonly type: string; readonly description?: string }>>;
  readonly required: readonly string[];
}

function schemaOf({ schema }: Tool): Schema {
  const json = toJsonSchema(schema, { target: 'draft-07', errorMode: 'ignore' });
  delete json.$schema;
  return json as unknown as Schema;
}

function manifest(text: string): string {
  const all = JSON.parse(text) as Manifest;
  all.contributes.languageModelTools = TOOLS.map((tool) => ({
    name: `execServer_${tool.name}`,
    toolReferenceName: tool.name.replaceAll('_', '-'),
    displayName: `%tool.${tool.name}%`,
    modelDescription: tool.description,
    canBeReferencedInPrompt: true,
    icon: '$(terminal)',
    inputSchema: schemaOf(tool),
  }));
  const others = all.activationEvents.filter((event) => !event.includes(TOOL_COMMAND_PREFIX));
  all.activationEvents = [...others, ...TOOLS.map(({ name }) => `onCommand:${TOOL_COMMAND_PREFIX}${name}`)];
  return JSON.stringify(all);
}

function names(text: string): string {
  const all = Object.entries(JSON.parse(text) as Record<string, string>);
  const others = all.filter(([key]) => !key.startsWith('tool.'));
  const titles = TOOLS.map(({ name, title }): [string, string] => [`tool.${name}`, title]);
  return JSON.stringify(Object.fromEntries([...others, ...titles]));
}

function page(text: string): string {
  const parts = TOOLS.map((tool) => {
    const { properties, required } = schemaOf(tool);
    const rows = Object.entries(properties).map(([name, { type, description = '' }]) => {
      return `| \`${name}\`${required.includes(name) ? '' : '?'} | ${type} | ${description.replaceAll('|', '\\|')} |`;
    });
    const table = rows.length > 0 ? ['', '| argument | type | |', '| --- | --- | --- |', ...rows] : [];
    return [`## ${tool.name}`, '', tool.description, ...table].join('\n');
  });
  return text.replace(BLOCK, `$1\n\n${parts.join('\n\n').replaceAll('$', '$$$$')}\n\n$2`);
}

async function main(): Promise<void> {
  const isCheck = process.argv.includes('--check');
  for (const [path, make] of [
    ['package.json', manifest],
    ['package.nls.json', names],
    [PAGE, page],
  ] as const) {
    const old = readFileSync(path, 'utf8');
    const text = await format(make(old), { ...(await resolveConfig(path)), filepath: path });
    if (text === old) continue;
    if (!isCheck) writeFileSync(path, text);
    else {
      console.error(`${path} is not what the table of tools says: run \`npm run docs:tools\``);
      process.exitCode = 1;
    }
  }
}

void main();
