/** What people call the dialects, in the order of PROTOCOL: chapters 1 to 13, 14, and 15. */
export type DialectName = 'exec-server' | 'exec-server v0' | 'app-server';
