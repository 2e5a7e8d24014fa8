import { writtenBy } from '../../../../rehearsal/application/model/written-by';

test('the tables that a trigger writes to are those that its statements name, by themselves or with their schema', () => {
  const body = `BEGIN
    INSERT INTO film_text (film_id) VALUES (NEW.film_id);
    insert ignore into \`odd name\` values (1);
    IF OLD.title <> NEW.title THEN
      UPDATE  shop.\`film_copy\` SET title = NEW.title WHERE film_id = OLD.film_id;
    END IF;
    DELETE FROM "other"."log" WHERE id = OLD.id;
    REPLACE INTO last_seen VALUES (1);
  END`;
  expect(writtenBy(body, 'sakila')).toEqual([
    'sakila.film_text',
    'sakila.odd name',
    'shop.film_copy',
    'other.log',
    'sakila.last_seen',
  ]);
  expect(writtenBy('BEGIN SET NEW.updated_at = UTC_TIMESTAMP(6); END', 'orders')).toEqual([]);
});
