/** What the cases about `--ws-auth` share. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { Case } from './cases.js';
import { upgrade } from './rawHttp.js';
import type { Server } from './target.js';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A file with this text, and white space around it. */
export async function secretFile(t: Case, text: string): Promise<string> {
  const path = `${await t.dir()}/secret`;
  await writeFile(path, ` ${text}\n\n`);
  return path;
}

/** The status and the text with which an upgrade is answered. */
export async function answer(server: Server, authorization?: string, path = '/'): Promise<string> {
  const { status, body } = await upgrade(server, path, { Authorization: authorization });
  return `${String(status)} ${body}`.trim();
}
