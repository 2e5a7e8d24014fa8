import { EffectConnection } from '../../../runbooks/adapters/mysql/effect-connection';

type Statements = EffectConnection['statements'];

/** What commits statement by statement, which a MySQL side does about accounts, events and counters, is told here first. */
export function beforeEachStatement(listener: () => void): void {
  const statements = Object.getOwnPropertyDescriptor(EffectConnection.prototype, 'statements')?.value as Statements;
  const listened: Statements = function (this: EffectConnection, signal, work, guard) {
    const told: typeof work = (statement) =>
      work((...asked) => {
        listener();
        return statement(...asked);
      });
    return statements.call(this, signal, told, guard) as ReturnType<typeof work>;
  };
  Object.defineProperty(EffectConnection.prototype, 'statements', { value: listened });
}
