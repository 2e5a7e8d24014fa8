/** The CDK app: `npx cdk synth '**'`. Every environment becomes a Stage. */
async function main(): Promise<void> {
  // Imported here, so that a definition that is refused is told like any other error.
  const { environments } = await import('../environments/index.js');
  const { cutoverApp } = await import('../lib/application.js');
  cutoverApp(environments).synth();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
