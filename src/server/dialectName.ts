/** What people call the dialects (a), (b) and (c) of docs/protocol/README.md#messages, in this order. */
export type DialectName = 'exec-server' | 'exec-server v0' | 'app-server';
