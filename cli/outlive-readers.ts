/**
 * Whoever reads the output may go (`| head`, a closed terminal); a switch that is under way must not end by that. What is
 * written from then on is lost, the journal has it.
 */
export function outliveReaders(streams: readonly NodeJS.WriteStream[] = [process.stdout, process.stderr]): void {
  for (const stream of streams) stream.on('error', () => undefined);
}
