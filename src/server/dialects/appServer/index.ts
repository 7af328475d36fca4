export { AppServerDialect } from './dialect';
export { AppServerMethods } from './methods';
export { Notifier } from './notifier';
