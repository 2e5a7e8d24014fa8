import { endingOf, type CourseResult, type CourseStep } from '../../rehearsal/course';

const course: CourseStep[] = ['check', 'start', 'switch'].map((verb) => ({ verb, expectedExitCode: 0 }));

const ended = (...exitCodes: (number | null)[]): CourseResult[] =>
  exitCodes.map((exitCode, at) => ({
    step: course[at]!,
    asExpected: exitCode === 0,
    run: {
      verb: course[at]!.verb,
      exitCode,
      signal: exitCode === null ? 'SIGKILL' : null,
      events: [],
      standardError: '',
      startedAtMilliseconds: 0,
      finishedAtMilliseconds: 1,
    },
  }));

test.each([
  ['passed', [0, 0, 0]],
  ['refused', [3]],
  ['refused', [0, 0, 3]],
  ['unwound', [0, 0, 5]],
  ['failed', [0, 0, 6]],
  ['failed', [0, 0, null]],
  ['failed', [0, 0]],
  ['failed', []],
])('a course of runbooks is %s when they end with %j', (ending, exitCodes) => {
  expect(endingOf(course, ended(...exitCodes))).toBe(ending);
});
