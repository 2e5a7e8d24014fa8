INSERT INTO owners (name, mood, vip)
WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 100)
SELECT CONCAT('Ownér ', n), 1 + n MOD 2, n MOD 3 = 0 FROM s;
INSERT INTO pets (owner_id, number, name, weight, seen_at)
WITH RECURSIVE s (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n < 199)
SELECT 1 + n DIV 2, 1 + n MOD 2, CONCAT('Pet ', n), 0.125 + n, TIMESTAMPADD(HOUR, n, '2025-01-01 00:00:00.000001') FROM s;
INSERT INTO visits (owner_id, pet_number, notes, photo)
SELECT owner_id, number, JSON_OBJECT('n', number, 'half', weight / 2), UNHEX(SHA2(name, 256)) FROM pets;
