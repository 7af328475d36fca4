/** With what the ids of owners begin whose processes came by this protocol. */
export const OWNER_PREFIX = 'mcp:';
