/** The time of day, `14:02`, with its date before it if that was not the day of `now`. Both in ms since 1970. */
export function formatClock(time: number, now = Date.now()): string {
  return withDate(time, now, { hour: 'numeric', minute: '2-digit' });
}

/** The time of day with seconds, with its date before it if that was not the day of `now`. Both in ms since 1970. */
export function formatMoment(time: number, now = Date.now()): string {
  return withDate(time, now, { hour: 'numeric', minute: '2-digit', second: '2-digit' });
}

function withDate(time: number, now: number, clockOf: Intl.DateTimeFormatOptions): string {
  const at = new Date(time);
  const clock = at.toLocaleTimeString(undefined, clockOf);
  if (at.toDateString() === new Date(now).toDateString()) return clock;
  return `${at.toLocaleDateString(undefined, { month: 'short', day: 'numeric' })}, ${clock}`;
}
