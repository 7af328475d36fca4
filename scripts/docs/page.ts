import { CATALOGS, type Catalog } from '../../src/protocol/catalog';
import { ErrorCode } from '../../src/protocol/errors';
import type { Method } from '../../src/protocol/method';
import type { Notification } from '../../src/protocol/notification';
import { membersOf, typeText } from './schemaText';

const HEAD = `# The wire

Made from the declarations in \`src/protocol\` by \`npm run docs:wire\`; \`npm run test:check\` fails when it is stale.
Chapters are those of the protocol specification that the declarations name.

One connection may speak all three dialects. An \`initialize\` with \`clientName\` opens it for (a) and (b), and for the
methods of (c) beside them; one with \`clientInfo\` makes it an app-server's, with the methods and the rules of (c) alone.

Types: \`bytes\` is standard base64 with padding, \`URI\` a \`file:\` URI of an absolute path, \`u16\` and \`u64\` are
integers that are not negative. Unknown members are ignored. A \`sandbox\` or \`networkProxy\` that asks for anything is
refused with ${String(ErrorCode.invalidParams)}, because nothing here could enforce it.

Every method of (a) and (b) may also answer with ${String(ErrorCode.invalidRequest)} (before the handshake, or beyond 64 running and 1,024
queued requests), ${String(ErrorCode.invalidParams)} (params that do not fit) and ${String(ErrorCode.internal)} (a reply above 64 MiB); unknown methods answer with
${String(ErrorCode.methodNotFound)}. On an app-server's connection, params that do not fit and unknown methods are ${String(ErrorCode.invalidRequest)}.
`;

/** docs/WIRE.md as it should be. */
export function page(): string {
  return [HEAD, ...CATALOGS.map(dialectText)].join('\n');
}

function dialectText({ title, chapters, methods, notifications }: Catalog): string {
  return [
    `## ${title}\n\nChapters ${chapters}.\n`,
    ...methods.map(methodText),
    ...notifications.map(notificationText),
  ].join('\n');
}

function methodText({ name, params, about }: Method<unknown>): string {
  const { chapter, summary, result, errors = {}, notifies = [] } = about;
  const causes = Object.entries(errors).map(
    ([kind, when]) => `- ${String(ErrorCode[kind as keyof typeof ErrorCode])}: ${when}\n`,
  );
  return [
    `### \`${name}\`\n\n${summary} (Chapter ${chapter}.)\n\n`,
    table(params),
    `Result: \`${typeText(result)}\`\n`,
    causes.length > 0 ? `\n${causes.join('')}` : '',
    notifies.length > 0 ? `\nNotifications: ${notifies.map((n) => `\`${n.name}\``).join(', ')}\n` : '',
  ].join('');
}

function notificationText({ name, params, chapter, summary }: Notification): string {
  return (
    `### Notification \`${name}\`\n\n${summary} (Chapter ${chapter}.)\n\n${table(params)}`.trimEnd() + '\n'
  );
}

function table(params: Method<unknown>['params']): string {
  const rows = membersOf(params).map(({ name, type, isOptional, isNullable, standard }) => {
    const absent = !isOptional ? 'required' : (standard ?? '–') + (isNullable ? ', also for `null`' : '');
    return `| \`${name}\` | \`${type}\` | ${absent} |\n`;
  });
  return rows.length === 0
    ? 'No params.\n\n'
    : `| param | type | when absent |\n| --- | --- | --- |\n${rows.join('')}\n`;
}
