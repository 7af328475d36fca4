/** Dialect (a): the current exec-server, docs/protocol/README.md. */
export * as environment from './environment';
export * as extensions from './extensions';
export * as files from './files';
export * as fileStreams from './fileStreams';
export * as handshake from './handshake';
export * as http from './http';
export * as notifications from './notifications';
export * as ports from './ports';
export * as processes from './process';
export type { Capability, EnvironmentInfo, ShellName } from './environment';
