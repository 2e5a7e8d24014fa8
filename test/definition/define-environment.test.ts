import { defineEnvironment, deriveEnvironment } from '../../definition/define-environment';
import { DefinitionError } from '../../definition/definition-error';
import type { EnvironmentInput } from '../../definition/schema/environment';
import { environments } from '../../environments';
import { findingsAfter, migrationOf, production } from './refusals';

describe('defining an environment', () => {
  it('fills in the documented defaults', () => {
    const { timing, gates } = migrationOf(production(), 'billing');
    expect(timing.readShiftPercents).toEqual([5, 20, 50, 100]);
    expect(timing.rollbackWindowSeconds).toBe(604_800);
    expect(gates.maxWritePauseSeconds).toBe(120);
  });

  it('gives plain data that is a valid input again', () => {
    for (const environment of Object.values(environments)) expect(defineEnvironment(environment)).toEqual(environment);
  });

  it('derives another environment without touching the first', () => {
    const base = production();
    const derived = deriveEnvironment(base, (draft) => {
      migrationOf(draft, 'billing').timing.bakeSeconds = 3;
    });
    expect(migrationOf(derived, 'billing').timing.bakeSeconds).toBe(3);
    expect(base).toEqual(production());
  });

  it('says path, value, what is allowed and why, for every finding at once', () => {
    const input = { ...production(), account: '12', colour: 'red' } as unknown as EnvironmentInput;
    expect(() => defineEnvironment(input)).toThrow(DefinitionError);
    const message = String(
      (() => {
        try {
          return defineEnvironment(input);
        } catch (error) {
          return error;
        }
      })(),
    );
    expect(message).toContain('environment "production" is refused, 2 findings');
    expect(message).toContain('account = "12"\n    allowed: a 12-digit AWS account\n    why:     AWS account');
    expect(message).toContain('colour = "red"\n    allowed: only the settings that docs/settings.md lists');
  });

  it('names the branch of a choice that its author meant', () => {
    const findings = findingsAfter((environment) => {
      Object.assign(migrationOf(environment, 'billing').source, { certificateAuthority: { pem: 3 } });
    });
    expect(findings.map((finding) => finding.path)).toEqual(['migrations.billing.source.certificateAuthority.pem']);
  });

  it('refuses a name of a migration that could not stand in a path', () => {
    const findings = findingsAfter((environment) => {
      environment.migrations['Bad Name'] = migrationOf(environment, 'billing');
    });
    expect(findings[0]).toMatchObject({ path: 'migrations.Bad Name', value: 'Bad Name' });
  });
});
