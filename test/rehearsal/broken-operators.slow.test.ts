import { expectNamed, triedEachTime } from './broken-operator';

describe('a rehearsal with a broken operator', () => {
  it.each(triedEachTime)('$operator fails and names $invariant', (prediction) => expectNamed(prediction));
});
