/** The most links that Linux follows on the way of one path. */
export const MAX_LINKS = 40;
