/** As many links as Linux follows on the way of one path. */
export const MAX_LINKS = 40;
