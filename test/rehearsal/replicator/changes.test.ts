import { startDatabases, type TestDatabases } from './databases';
import { applyingChanges } from './suites/apply';
import { refusedChanges } from './suites/apply-errors';
import { everyType } from './suites/every-type';

// Starting two engines costs more than most of these tests, so they share a pair.
let databases: TestDatabases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases.stop());

everyType(() => databases);
applyingChanges(() => databases);
refusedChanges(() => databases);
