import { fileURLToPath } from 'node:url';

/** The path of a tiny program in test/fixtures. */
export const fixture = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

export const BURST = [process.execPath, fixture('burst.mjs')];
export const SHOW = [process.execPath, fixture('show.mjs')];

export interface Shown {
  pid: number;
  pgrp: number;
  session: number;
  tty: number;
  fds: Record<string, string>;
  blocked: string;
  env: Record<string, string>;
}
