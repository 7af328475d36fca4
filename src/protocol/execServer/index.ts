/** Dialect (a): the current exec-server, PROTOCOL chapters 1 to 13. */
export * as environment from './environment';
export * as extensions from './extensions';
export * as files from './files';
export * as fileStreams from './fileStreams';
export * as handshake from './handshake';
export * as http from './http';
export * as notifications from './notifications';
export * as processes from './process';
export type { EnvironmentInfo, ShellName } from './environment';
