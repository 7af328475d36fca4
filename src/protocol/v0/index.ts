/** Dialect (b): the early exec-server, docs/protocol/v0.md#processes. */
export * as commands from './command';
export * as notifications from './notifications';
