import * as appServer from './appServer';
import * as execServer from './execServer';
import type { Method } from './method';
import type { Notification } from './notification';
import * as v0 from './v0';

/** Everything that one dialect declares, for docs/protocol and for tests. */
export interface Catalog {
  readonly title: string;
  readonly methods: readonly Method<unknown>[];
  readonly notifications: readonly Notification[];
}

function catalog(title: string, modules: object): Catalog {
  const methods = Object.values(modules)
    .flatMap((module) => Object.values(module as object) as unknown[])
    .filter(isMethod)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const notifications = new Set(methods.flatMap(({ about }) => about.notifies ?? []));
  return { title, methods, notifications: [...notifications] };
}

function isMethod(value: unknown): value is Method<unknown> {
  return typeof value === 'object' && value !== null && 'decode' in value;
}

/** The three dialects, in the order of docs/protocol/README.md#messages. */
export const CATALOGS: readonly Catalog[] = [
  catalog('Dialect (a): exec-server', execServer),
  catalog('Dialect (b): the early exec-server', v0),
  catalog('Dialect (c): processes of the app-server', appServer),
];
