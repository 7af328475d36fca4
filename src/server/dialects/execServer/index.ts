export { ExecServerDialect } from './dialect';
