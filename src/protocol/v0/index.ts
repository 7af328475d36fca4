/** Dialect (b): the early exec-server, PROTOCOL chapter 14. */
export * as commands from './command';
export * as notifications from './notifications';
