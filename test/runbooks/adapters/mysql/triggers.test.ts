import { isGuarded } from '../../../../runbooks/adapters/mysql/triggers';

test.each([
  'BEGIN IF @cutover_replication IS NULL THEN SET NEW.a = 1; END IF; END',
  "begin\n  -- a remark\n  declare x int default 0;\n  if @cutover_replication is null then set x = if(NEW.a = 'end if', 1, 2); if x > 1 then set NEW.b = x; end if; end if;\nend",
  'IF @cutover_replication IS NULL THEN INSERT INTO log VALUES (1); END IF',
  'whole: BEGIN IF @cutover_replication IS NOT NULL THEN LEAVE whole; END IF; SET NEW.a = 1; END',
])('guarded: %s', (body) => {
  expect(isGuarded(body)).toBe(true);
});

test.each([
  'SET NEW.a = 1',
  'BEGIN SET NEW.a = 1; IF @cutover_replication IS NULL THEN SET NEW.b = 1; END IF; END',
  'BEGIN IF @cutover_replication IS NULL THEN SET NEW.a = 1; END IF; SET NEW.b = 1; END',
  'BEGIN IF @cutover_replication IS NULL THEN SET NEW.a = 1; ELSE SET NEW.a = 2; END IF; END',
  'BEGIN IF @cutover_replication IS NOT NULL THEN SET NEW.a = 1; END IF; END',
  'BEGIN IF @other IS NULL THEN SET NEW.a = 1; END IF; END',
  "BEGIN /* IF @cutover_replication IS NULL THEN */ SET NEW.a = 'IF @cutover_replication IS NULL THEN'; END",
  'BEGIN IF @cutover_replication IS NULL THEN SET NEW.a = 1; END',
])('not guarded: %s', (body) => {
  expect(isGuarded(body)).toBe(false);
});
