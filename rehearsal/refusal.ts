import { z } from 'zod';
import type { OperatorRun } from './operator';

const refusedGate = z.looseObject({
  type: z.literal('gate'),
  answer: z.literal('no'),
  title: z.string(),
  reason: z.looseObject({
    text: z.string(),
    next: z.string().optional(),
    waivable: z.object({ check: z.string(), tables: z.array(z.string()) }).optional(),
  }),
});

/** A runbook that refused: each reason, what to do about it, and what the workload file could accept. Lines for a person. */
export function refusalLines({ verb, events, exitCode }: Pick<OperatorRun, 'verb' | 'events' | 'exitCode'>): string[] {
  const gates = events.flatMap((event) => refusedGate.safeParse(event).data ?? []);
  if (exitCode !== 3 || gates.length === 0) return [];
  const lines = gates.flatMap(({ title, reason }) => [
    '',
    `NO  ${title}`,
    ...reason.text.split('; ').map((each) => `      ${each}`),
    ...(reason.next === undefined
      ? []
      : ['    what to do:', ...reason.next.split('\n').map((each) => `      ${each}`)]),
  ]);
  const waivers = gates.flatMap(({ reason: { waivable } }) =>
    (waivable?.tables ?? []).map((table) => ({ table, check: waivable?.check, reason: 'who accepts this, and why' })),
  );
  return [
    `cutover ${verb} refuses:`,
    ...lines,
    '',
    'SQL for the target belongs into the file of --target-schema; with `backticks` it is for the source.',
    ...(waivers.length === 0
      ? []
      : [
          'What may stand as it is, and no statement puts right, is accepted by name in the file of --workload (a table may hold %):',
          '  {"waivers": [',
          waivers.map((each) => `    ${JSON.stringify(each)}`).join(',\n'),
          '  ]}',
        ]),
  ];
}
