import { startDatabases, type TestDatabases } from './databases';
import { batchApply } from './suites/batch-apply';
import { fullLoad } from './suites/full-load';
import { startPositions } from './suites/positions';

// Starting two engines costs more than most of these tests, so they share a pair.
let databases: TestDatabases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases.stop());

fullLoad(() => databases);
startPositions(() => databases);
batchApply(() => databases);
