export { ExecServerDialect, type DialectServices } from './dialect';
