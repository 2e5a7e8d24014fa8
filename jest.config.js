/**
 * Tests run on the sources through swc: the same code the launcher loads, without a build step. Three workers for two
 * cores: a rehearsal waits as often as it works.
 */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // Whole rehearsals of a bad day; `npm run test:slow` and `npm run test:night` run them.
  testPathIgnorePatterns: ['/node_modules/', '\\.(slow|night)\\.test\\.ts$'],
  transform: {
    '^.+\\.ts$|/@vlasky/zongji/.+\\.js$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  // The one package that is ECMAScript modules only.
  transformIgnorePatterns: ['/node_modules/(?!@vlasky/zongji)'],
  testTimeout: 120_000,
  maxWorkers: 3,
};
