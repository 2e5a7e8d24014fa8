-- About 160,000 rows, the same in every run: values follow from the row's number alone.

SET NAMES utf8mb4;
SET time_zone = '+00:00';
SET FOREIGN_KEY_CHECKS = 0;

CREATE TABLE seed_number (n bigint NOT NULL PRIMARY KEY);
INSERT INTO seed_number
SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d
FROM (SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5
    UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) a
  CROSS JOIN (SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5
    UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) b
  CROSS JOIN (SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5
    UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) c
  CROSS JOIN (SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5
    UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) e
  CROSS JOIN (SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4) f;

CREATE TABLE seed_word (n int NOT NULL PRIMARY KEY, word varchar(60) NOT NULL) DEFAULT CHARSET = utf8mb4;
INSERT INTO seed_word VALUES
  (0, 'Ada Lovelace'), (1, 'Zoë Müller'), (2, '王小明'), (3, 'Łukasz Żółć'), (4, 'محمد علي'), (5, 'Ольга Иванова'),
  (6, '山田 太郎'), (7, 'O''Brien & Sons'), (8, 'Back\\slash "quoted"'), (9, 'Tab\there'), (10, 'two\nlines'),
  (11, '👩‍👩‍👧 Family GmbH'), (12, 'étude'), (13, 'Ελένη'), (14, 'नमस्ते'), (15, ' padded'), (16, 'NULL'), (17, '\\N'),
  (18, '%d{json}'), (19, 'Ünïcödé ＡＢＣ');

INSERT INTO country (code, name, vat_rate, in_union)
SELECT CONCAT(CHAR(65 + n DIV 6 USING ascii), CHAR(65 + n * 7 MOD 26 USING ascii)), CONCAT(word, ' ', n), (n MOD 28) / 100, n MOD 3 = 0
FROM seed_number JOIN seed_word USING (n) WHERE n < 20;

INSERT INTO customer (id, public_id, email, name, active, newsletter, country_code, credit_limit, preferences, birth_date,
  login_count, avatar, notes, created_at, updated_at)
SELECT s.n, CONCAT_WS('-', SUBSTR(h, 1, 8), SUBSTR(h, 9, 4), SUBSTR(h, 13, 4), SUBSTR(h, 17, 4), SUBSTR(h, 21, 12)),
  CONCAT('customer', s.n, '@example.com'), CONCAT(w.word, ' ', s.n), s.n MOD 7 <> 0, s.n MOD 3 = 0,
  CASE WHEN s.n MOD 9 <> 0 THEN CONCAT(CHAR(65 + s.n MOD 20 DIV 6 USING ascii), CHAR(65 + s.n MOD 20 * 7 MOD 26 USING ascii)) END,
  CASE WHEN s.n MOD 4 <> 0 THEN (s.n * 37 MOD 1000000) / 100 END,
  JSON_OBJECT('plan', s.n MOD 7, 'name', w.word, 'none', NULL, 'nested', JSON_ARRAY(s.n, '☃', 'a,b')),
  CASE WHEN s.n MOD 5 <> 0 THEN DATE_ADD('1930-02-28', INTERVAL s.n MOD 27000 DAY) END, s.n * 104729 MOD 4294967296,
  CASE WHEN s.n MOD 6 = 0 THEN UNHEX(CONCAT(h, '00FF')) END, CASE WHEN s.n MOD 4 = 0 THEN CONCAT(w.word, ' ', w.word) END,
  TIMESTAMPADD(MICROSECOND, s.n * 3000001, '2021-03-28 00:59:59.999999'),
  TIMESTAMPADD(MICROSECOND, s.n * 1000123, '2024-01-01 00:00:00')
FROM (SELECT n, SHA2(CONCAT('customer', n), 256) AS h FROM seed_number WHERE n BETWEEN 1 AND 20000) s
  JOIN seed_word w ON w.n = s.n MOD 20;

INSERT INTO category (id, parent_id, name, slug, position)
SELECT s.n, CASE WHEN s.n > 6 THEN 1 + s.n MOD 6 END, CONCAT(word, ' ', s.n), CONCAT('category-', s.n), s.n * 541 MOD 20000 - 10000
FROM seed_number s JOIN seed_word w ON w.n = s.n MOD 20 WHERE s.n BETWEEN 1 AND 60;

INSERT INTO product (id, sku, name, description, kind, delivery, category_id, price, weight_kg, rating, stock, active,
  attributes, image_digest, launched_on)
SELECT s.n, CONCAT('SKU-', LPAD(s.n * 31, 8, '0')), CONCAT(word, ' No. ', s.n), REPEAT(CONCAT(word, ' '), s.n MOD 6),
  1 + s.n MOD 3, s.n MOD 8, 1 + s.n MOD 60, (s.n * 7919 MOD 1000000) / 10000,
  CASE WHEN s.n MOD 5 <> 0 THEN s.n / 7e0 END, CASE WHEN s.n MOD 4 <> 0 THEN (s.n MOD 50) / 10 END, s.n * 7919 MOD 16777216,
  s.n MOD 6 <> 0, CASE WHEN s.n MOD 4 <> 0 THEN JSON_OBJECT('tier', s.n MOD 3, 'big', 9007199254740993 + s.n) END,
  CASE WHEN s.n MOD 3 <> 0 THEN UNHEX(SHA2(s.n, 256)) END, DATE_ADD('1999-12-31', INTERVAL s.n DAY)
FROM seed_number s JOIN seed_word w ON w.n = s.n MOD 20 WHERE s.n BETWEEN 1 AND 2000;

INSERT INTO tag (id, label) SELECT n, CONCAT('tag ', n) FROM seed_number WHERE n BETWEEN 1 AND 100;
INSERT INTO product_tags (id, product_id, tag_id)
SELECT n, 1 + n MOD 2000, 1 + n * 7 MOD 100 FROM seed_number WHERE n BETWEEN 1 AND 2000;

INSERT INTO purchase (id, number, customer_id, status, external_reference, total, discount, currency, gift, remark,
  placed_at, paid_at)
SELECT s.n, CONCAT('O-', 2020 + s.n MOD 6, '-', LPAD(s.n, 8, '0')), 1 + s.n * 13 MOD 20000, 1 + s.n MOD 7,
  CASE WHEN s.n MOD 3 <> 0 THEN UNHEX(LEFT(SHA2(CONCAT('purchase', s.n), 256), 32)) END, (s.n * 7717 MOD 10000000) / 100,
  (s.n MOD 41) / 100, ELT(1 + s.n MOD 3, 'EUR', 'USD', 'JPY'), s.n MOD 11 = 0, CASE WHEN s.n MOD 5 = 0 THEN word END,
  TIMESTAMPADD(MICROSECOND, s.n * 61000007, '2023-10-29 00:30:00'),
  CASE WHEN s.n MOD 7 > 1 THEN TIMESTAMPADD(SECOND, s.n, '2024-06-01 12:00:00') END
FROM seed_number s JOIN seed_word w ON w.n = s.n MOD 20 WHERE s.n BETWEEN 1 AND 30000;

INSERT INTO purchase_line (purchase_id, line_number, product_id, quantity, unit_price)
SELECT 1 + n DIV 2 MOD 30000, 1 + n MOD 2, 1 + n * 31 MOD 2000, (1 + n MOD 4000) / 8, (n * 331 MOD 1000000) / 10000 - 5
FROM seed_number WHERE n < 49000;

INSERT INTO payment (id, purchase_id, amount, method, provider_reference, exchange_rate, receipt, captured_at)
SELECT LEFT(SHA2(CONCAT('payment', n), 256), 32), 1 + n, (1 + n * 7717 MOD 1000000) / 100, 1 + n MOD 4,
  CASE WHEN n MOD 4 <> 0 THEN CONCAT('ch_', LEFT(SHA2(n, 256), 20)) END, CASE WHEN n MOD 3 = 0 THEN 1 / (1 + n) END,
  CASE WHEN n MOD 8 = 0 THEN UNHEX(REPEAT(LEFT(SHA2(n, 256), 16), n MOD 9)) END,
  TIMESTAMPADD(MICROSECOND, n * 60000001, '2024-03-31 00:59:59.5')
FROM seed_number WHERE n BETWEEN 1 AND 20000;

INSERT INTO shipment (id, purchase_id, carrier, tracking_code, state, weight_grams, transit_microseconds, pick_up_time,
  shipped_at, delivered_on)
SELECT s.n, 1 + s.n * 2 MOD 30000, word, CASE WHEN s.n MOD 3 <> 0 THEN CONCAT('TRK', LPAD(s.n, 12, '0')) END, 1 + s.n MOD 4,
  s.n * 104729 MOD 4294967296, CASE WHEN s.n MOD 4 <> 0 THEN s.n * 86400000123 MOD 5000000000000 END,
  CASE WHEN s.n MOD 5 <> 0 THEN SEC_TO_TIME(s.n * 17 MOD 86400) END,
  CASE WHEN s.n MOD 4 <> 0 THEN TIMESTAMPADD(MICROSECOND, s.n * 7000003, '2025-01-01 00:00:00') END,
  CASE WHEN s.n MOD 4 = 2 THEN DATE_ADD('2025-01-01', INTERVAL s.n MOD 300 DAY) END
FROM seed_number s JOIN seed_word w ON w.n = s.n MOD 20 WHERE s.n BETWEEN 1 AND 15000;

INSERT INTO review (id, product_id, customer_id, stars, title, body, published, created_at)
SELECT s.n, 1 + s.n MOD 2000, s.n, 1 + s.n MOD 5, CONCAT(word, '!'), REPEAT(CONCAT(word, '. '), s.n MOD 12), s.n MOD 3 <> 0,
  TIMESTAMPADD(SECOND, s.n * 977, '2022-01-01 00:00:00')
FROM seed_number s JOIN seed_word w ON w.n = s.n MOD 20 WHERE s.n BETWEEN 1 AND 6000;

INSERT INTO stock_movement (id, product_id, delta, reason, flags, season, temperature, recorded_at)
SELECT n, 1 + n MOD 2000, n * 7919 MOD 2000 - 1000, ELT(1 + n MOD 3, 'sold', 'delivered', 'counted'), n MOD 256,
  CASE WHEN n MOD 3 <> 0 THEN 1990 + n MOD 40 END, CASE WHEN n MOD 4 <> 0 THEN (n MOD 600) / 10 - 20 END,
  TIMESTAMPADD(MICROSECOND, n * 61001000, '2024-01-01 00:00:00')
FROM seed_number WHERE n BETWEEN 1 AND 15000;

INSERT INTO login_session (session_key, session_data, expire_date)
SELECT LEFT(SHA2(CONCAT('session', n), 256), 32), REPEAT(SHA2(n, 256), 1 + n MOD 4), TIMESTAMPADD(MINUTE, n, '2026-01-01 00:00:00')
FROM seed_number WHERE n BETWEEN 1 AND 2000;

INSERT INTO notification (topic, payload, state, attempts, available_at, last_error)
SELECT CONCAT('order.', ELT(1 + n MOD 3, 'placed', 'paid', 'shipped')), JSON_OBJECT('order', n), CASE WHEN n MOD 5 = 0 THEN 'failed' ELSE 'sent' END,
  n MOD 4, TIMESTAMPADD(SECOND, n, '2025-06-01 00:00:00'), CASE WHEN n MOD 5 = 0 THEN 'connection refused' END
FROM seed_number WHERE n BETWEEN 1 AND 1000;

DROP TABLE seed_number;
DROP TABLE seed_word;
SET FOREIGN_KEY_CHECKS = 1;
