import { readAcceptedDangers } from './accepted-dangers';
import { reviewAssemblies } from './review-assemblies';

/** Exit codes of a review: nothing that is not accepted, or a danger that nobody accepted. */
export type ReviewOutcome = 0 | 3;

/**
 * Reviews two assemblies and writes the Markdown of the pull request. Reads the two folders and the file of accepted dangers.
 * @throws Error when a folder holds no assembly, or the file accepts something without a reason.
 */
export function runReview(
  { base, head, acceptedFile }: { base: string; head: string; acceptedFile: string },
  write: (text: string) => void,
): ReviewOutcome {
  const { markdown, dangers } = reviewAssemblies({ base, head, accepted: readAcceptedDangers(acceptedFile) });
  write(markdown);
  return dangers.some((danger) => danger.accepted === undefined) ? 3 : 0;
}
