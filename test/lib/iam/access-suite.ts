import type { DeployedTemplates } from '../deployed-template';
import { adapterActions } from './adapter-calls';
import { isAllowed, type PolicyDocument } from './evaluate';
import {
  adoption,
  adoptionNearMisses,
  changes,
  clusterSnapshot,
  nearMisses,
  readings,
  serverlessLoad,
  serverlessNearMisses,
} from './requests';

/** Policies of a role as deployed: managed policies name the role that they belong to. */
function policiesOf(deployed: DeployedTemplates, rolePrefix: string, migration = 'billing'): PolicyDocument[] {
  return deployed
    .resources(`${migration}-runbook-access`, 'AWS::IAM::ManagedPolicy')
    .filter((policy) => (policy.Properties?.['Roles'] as string[]).some((role) => role.includes(rolePrefix)))
    .map((policy) => policy.Properties?.['PolicyDocument'] as PolicyDocument);
}

export function describeAccess(deployed: () => DeployedTemplates, withChoices: () => DeployedTemplates): void {
  describe('the role of the runbooks', () => {
    const allowed = { ...readings, ...changes };
    it.each(Object.keys(allowed))('may: %s', (name) => {
      expect(isAllowed(policiesOf(deployed(), '/RunbookRole'), allowed[name]!)).toBe(true);
    });

    it.each(Object.keys(nearMisses))('may not touch: %s', (name) => {
      expect(isAllowed(policiesOf(deployed(), '/RunbookRole'), nearMisses[name]!)).toBe(false);
    });

    it('may make every call that the adapters make, on what it is about', () => {
      const requests = [...Object.values(allowed), ...Object.values(serverlessLoad), clusterSnapshot];
      const actions = new Set(requests.map((request) => request.action));
      expect(adapterActions().filter((action) => !actions.has(action))).toEqual([]);
      expect(adapterActions().length).toBeGreaterThan(15);
    });

    it('takes snapshots of a cluster where the target is one', () => {
      expect(isAllowed(policiesOf(deployed(), '/RunbookRole', 'orders'), clusterSnapshot)).toBe(true);
      expect(isAllowed(policiesOf(deployed(), '/RunbookRole'), clusterSnapshot)).toBe(false);
    });

    it('is refused at least twenty near misses', () => {
      expect(Object.keys(nearMisses).length).toBeGreaterThanOrEqual(20);
    });
  });

  describe('the role of the runbooks, where the load is serverless', () => {
    it.each(Object.keys(serverlessLoad))('may: %s', (name) => {
      expect(isAllowed(policiesOf(withChoices(), '/RunbookRole'), serverlessLoad[name]!)).toBe(true);
      expect(isAllowed(policiesOf(deployed(), '/RunbookRole'), serverlessLoad[name]!)).toBe(false);
    });

    it.each(Object.keys(serverlessNearMisses))('may not touch: %s', (name) => {
      expect(isAllowed(policiesOf(withChoices(), '/RunbookRole'), serverlessNearMisses[name]!)).toBe(false);
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

  describe('the role of adopt-records', () => {
    it.each(Object.keys(adoption))('may: %s', (name) => {
      expect(isAllowed(policiesOf(withChoices(), '/AdoptionRole'), adoption[name]!)).toBe(true);
    });

    it.each(Object.keys(adoptionNearMisses))('may not: %s', (name) => {
      expect(isAllowed(policiesOf(withChoices(), '/AdoptionRole'), adoptionNearMisses[name]!)).toBe(false);
    });

    it('is not there unless a record replaces a simple one', () => {
      expect(policiesOf(deployed(), '/AdoptionRole')).toEqual([]);
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
