/** Dialect (c): the processes of the app-server, PROTOCOL chapter 15. */
export * as handshake from './handshake';
export * as notifications from './notifications';
export * as processes from './process';
