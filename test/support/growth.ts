/** Rounds that count at least, and at most: a busy machine gets more chances, and a slow algorithm none. */
const LEAST_ROUNDS = 5;
const MOST_ROUNDS = 20;
/** What is that many times too slow needs no more rounds. */
const HOPELESS = 4;

/**
 * Asserts how the time of `work` grows from the size `small` to the size `large`, without a word about how long either
 * takes. Both take turns, and the shortest time of each counts: what else the machine does can only add to it.
 *
 * @param work does it once, for one of the two sizes; what it needs is made ready outside
 * @param times how many times as long the larger may take: well above what is meant, well below the next worse growth
 */
export function assertGrowth(
  work: (size: number) => void,
  { small, large, times }: { small: number; large: number; times: number },
): void {
  let [shortest, longest] = [Infinity, Infinity];
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    shortest = Math.min(shortest, timed(work, small));
    longest = Math.min(longest, timed(work, large));
    if (round < LEAST_ROUNDS) continue;
    if (longest <= times * shortest) return;
    if (longest > HOPELESS * times * shortest) break;
  }
  const factor = (longest / shortest).toFixed(1);
  throw new Error(`size ${large} took ${factor} times as long as ${small}, which is more than ${times}`);
}

function timed(work: (size: number) => void, size: number): number {
  const start = performance.now();
  work(size);
  return performance.now() - start;
}
