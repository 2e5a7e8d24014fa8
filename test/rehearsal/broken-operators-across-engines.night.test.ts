import { describeWhereMysqlIs } from '../mysql-server';
import { expectHarm } from './broken-engine-change';
import { predictions } from './operators/predictions';

describeWhereMysqlIs('a change of the engine with a broken operator', (mysqlServer) => {
  it.each(predictions)('$operator fails and names $invariant', (prediction) => expectHarm(prediction, mysqlServer));
});
