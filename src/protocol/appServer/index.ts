/** Dialect (c): the processes of the app-server, docs/protocol/app-server.md. */
export * as handshake from './handshake';
export * as notifications from './notifications';
export * as processes from './process';
