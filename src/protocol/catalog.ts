import * as appServer from './appServer';
import * as execServer from './execServer';
import type { Method } from './method';
import type { Notification } from './notification';
import * as v0 from './v0';

/** Everything that one dialect declares, for docs/WIRE.md and for tests. */
export interface Catalog {
  readonly title: string;
  /** Of the specification. */
  readonly chapters: string;
  readonly methods: readonly Method<unknown>[];
  readonly notifications: readonly Notification[];
}

function catalog(title: string, chapters: string, modules: object): Catalog {
  const methods = Object.values(modules)
    .flatMap((module) => Object.values(module as object) as unknown[])
    .filter(isMethod)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const notifications = new Set(methods.flatMap(({ about }) => about.notifies ?? []));
  return { title, chapters, methods, notifications: [...notifications] };
}

function isMethod(value: unknown): value is Method<unknown> {
  return typeof value === 'object' && value !== null && 'decode' in value;
}

/** The three dialects, as PROTOCOL has them. */
export const CATALOGS: readonly Catalog[] = [
  catalog('Dialect (a): exec-server', '1 to 13 and 17', execServer),
  catalog('Dialect (b): the early exec-server', '14', v0),
  catalog('Dialect (c): processes of the app-server', '15', appServer),
];
