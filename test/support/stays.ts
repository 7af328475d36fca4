const STAY = `sh -c 'echo "me=$$."; exec >/dev/null 2>&1 </dev/null; while :; do sleep 1; done'`;
const DEAF = STAY.replace('while', 'trap "" INT TERM HUP; while');

/** A terminal that its leader has left takes nothing more. */
const SAID = 'sleep 2';

/** Scripts whose processes would live on without the program that started them; each says `me=PID.` of one of them. */
export const STAYING: readonly string[] = [
  `${STAY} & wait`,
  `(${STAY} &) ; sleep 600`,
  `setsid ${STAY} & wait`,
  `(setsid ${STAY} &) ; sleep 600`,
  `setsid ${STAY} & ${SAID}`,
  `(trap "" HUP; ${STAY} & ${SAID})`,
  `nohup ${STAY} | cat & ${SAID}`,
  `(nohup setsid ${DEAF} | cat &) ; ${SAID}`,
  `exec ${DEAF}`,
  `(setsid ${DEAF} &) ; exec sleep 600`,
  `(env -i setsid ${STAY} &) ; ${SAID}`,
].map((script) => `${script}\n:`);
