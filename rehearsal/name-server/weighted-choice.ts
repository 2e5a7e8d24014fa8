import type { ResourceRecordSet } from '@aws-sdk/client-route-53';

/**
 * Which of the record sets of one name and type answers this query. Weighted ones answer by their share of the sum, and
 * all of them equally when every weight is zero. Source: Route 53 Developer Guide, "Weighted routing".
 * `random` is in [0, 1).
 */
export function chooseByWeight(
  recordSets: readonly ResourceRecordSet[],
  random: () => number,
): ResourceRecordSet | undefined {
  const weights = recordSets.map(({ Weight }) => Weight ?? 0);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (sum === 0) return recordSets[Math.floor(random() * recordSets.length)];
  let left = random() * sum;
  return recordSets.find((_, index) => (left -= weights[index] ?? 0) < 0);
}
