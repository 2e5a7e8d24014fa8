import type { DeployedTemplates } from '../deployed-template';
import { isAllowed, type PolicyDocument } from './evaluate';
import { changes, nearMisses, readings } from './requests';

/** Policies of a role as deployed: managed policies name the role that they belong to. */
function policiesOf(deployed: DeployedTemplates, rolePrefix: string): PolicyDocument[] {
  return deployed
    .resources('billing-runbook-access', 'AWS::IAM::ManagedPolicy')
    .filter((policy) => (policy.Properties?.['Roles'] as string[]).some((role) => role.includes(rolePrefix)))
    .map((policy) => policy.Properties?.['PolicyDocument'] as PolicyDocument);
}

export function describeAccess(deployed: () => DeployedTemplates): void {
  describe('the role of the runbooks', () => {
    const allowed = { ...readings, ...changes };
    it.each(Object.keys(allowed))('may: %s', (name) => {
      expect(isAllowed(policiesOf(deployed(), '/RunbookRole'), allowed[name]!)).toBe(true);
    });

    it.each(Object.keys(nearMisses))('may not touch: %s', (name) => {
      expect(isAllowed(policiesOf(deployed(), '/RunbookRole'), nearMisses[name]!)).toBe(false);
    });

    it('is refused at least twenty near misses', () => {
      expect(Object.keys(nearMisses).length).toBeGreaterThanOrEqual(20);
    });
  });

  describe('the role of status and check', () => {
    it.each(Object.keys(readings))('may: %s', (name) => {
      expect(isAllowed(policiesOf(deployed(), '/StatusRole'), readings[name]!)).toBe(true);
    });

    it.each(Object.keys(changes))('may not: %s', (name) => {
      expect(isAllowed(policiesOf(deployed(), '/StatusRole'), changes[name]!)).toBe(false);
    });
  });

  describe('what the conditions are worth', () => {
    const without = (operator: string) =>
      policiesOf(deployed(), '/RunbookRole').map((policy) => ({
        Statement: policy.Statement.map((statement) => ({
          ...statement,
          Condition: Object.fromEntries(
            Object.entries(statement.Condition ?? {}).filter(([name]) => name !== operator),
          ),
        })),
      }));

    it('a batch without condition keys passes as soon as the Null conditions are gone', () => {
      expect(isAllowed(without('Null'), nearMisses['a batch without the condition keys']!)).toBe(true);
    });

    it('an undeclared record passes as soon as the names are gone', () => {
      expect(isAllowed(without('ForAllValues:StringLike'), nearMisses['another record']!)).toBe(true);
    });
  });
}
