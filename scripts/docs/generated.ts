/** What stands between the markers of the pages: made from the declarations in src/protocol. */
import { CATALOGS, type Catalog } from '../../src/protocol/catalog';
import { ErrorCode } from '../../src/protocol/errors';
import type { Method } from '../../src/protocol/method';
import type { Notification } from '../../src/protocol/notification';
import { boundsTable } from './boundsTable';
import { anchorOf, type Page } from './pages';
import { membersOf, typeText } from './schemaText';

/** A marker's name and what belongs behind it, by the page on which it must stand. */
interface Block {
  readonly page: string;
  readonly name: string;
  readonly text: string;
}

const END = '<!-- end -->';
const MARKED = /^<!-- declared: (.+?) -->$.*?^<!-- end -->$/gms;

/** The page with all of its blocks as they should be. Throws for a marker that nothing declared belongs to. */
export function withBlocks(page: Page): string {
  const blocks = new Map(
    allBlocks()
      .filter((block) => block.page === page.name)
      .map((block) => [block.name, block.text]),
  );
  const text = page.text.replace(MARKED, (_, name: string) => {
    const block = blocks.get(name);
    if (block === undefined)
      throw new Error(`${page.path}: nothing declared belongs to the marker "${name}"`);
    blocks.delete(name);
    return `<!-- declared: ${name} -->\n\n${block.trim()}\n\n${END}`;
  });
  const missing = [...blocks.keys()].map((name) => `<!-- declared: ${name} -->`);
  if (missing.length > 0) throw new Error(`${page.path} has no marker ${missing.join(', ')}`);
  return text;
}

function allBlocks(): Block[] {
  const ofDialects = CATALOGS.flatMap(({ methods, notifications }) => [
    ...methods.map((method) => ({
      page: method.about.page,
      name: method.name,
      text: methodText(method),
    })),
    ...notifications.map((notification) => ({
      page: notification.page,
      name: notification.name,
      text: notificationText(notification),
    })),
  ]);
  return [
    ...ofDialects,
    { page: 'README', name: 'messages', text: CATALOGS.map(indexText).join('\n') },
    { page: 'bounds', name: 'bounds', text: boundsTable() },
  ];
}

function indexText({ title, methods, notifications }: Catalog): string {
  const requests = methods.map(({ name, about: { page, summary } }) => ({ name, page, summary }));
  const rows = [...requests, ...notifications].map(
    ({ name, page, summary }) => `- [\`${name}\`](${page}.md#${anchorOf(name)}): ${summary}\n`,
  );
  return `### ${title}\n\n${rows.join('')}`;
}

function methodText({ name, params, about }: Method<unknown>): string {
  const { summary, result, errors = {}, notifies = [], page } = about;
  const causes = Object.entries(errors).map(
    ([kind, when]) => `- ${String(ErrorCode[kind as keyof typeof ErrorCode])}: ${when}\n`,
  );
  const follow = notifies.map((one) => `[\`${one.name}\`](${linkTo(one, page)})`).join(', ');
  return [
    `## \`${name}\`\n\n${summary}\n\n`,
    table(params),
    `Result: \`${typeText(result)}\`\n`,
    causes.length > 0 ? `\n${causes.join('')}` : '',
    follow === '' ? '' : `\nNotifications: ${follow}\n`,
  ].join('');
}

function linkTo({ name, page }: Notification, from: string): string {
  return `${page === from ? '' : `${page}.md`}#${anchorOf(name)}`;
}

function notificationText({ name, params, summary }: Notification): string {
  return `## \`${name}\`\n\nNotification. ${summary}\n\n${table(params)}`;
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
