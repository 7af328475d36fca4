export { AppServerDialect } from './dialect';
export { AppServerMethods, METHOD_NAMES } from './methods';
export { Notifier } from './notifier';
