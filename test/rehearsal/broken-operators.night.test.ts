import { expectNamed, triedAtNight } from './broken-operator';

describe('a rehearsal with a broken operator', () => {
  it.each(triedAtNight)('$operator fails and names $invariant', (prediction) => expectNamed(prediction));
});
