-- About 66,000 rows, the same in every run: values follow from the row's number alone.

CREATE FUNCTION pg_temp.words(n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT (ARRAY['Ada Lovelace', 'Zoë Müller', '王小明', 'Łukasz Żółć', 'محمد علي', 'Ольга Иванова', '山田 太郎',
    'O''Brien & Sons', 'Back\slash "quoted"', E'Tab\there', E'two\nlines', '👩‍👩‍👧 Family GmbH', 'e' || U&'\0301' || 'tude',
    'Ελένη', 'नमस्ते', ' padded ', 'NULL', '\N', '%d{json}', 'Ünïcödé ＡＢＣ'])[1 + n % 20]
$$;

CREATE FUNCTION pg_temp.uuid_of(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT md5(kind || n)::uuid
$$;

INSERT INTO customers (public_id, email, display_name, locale, tags, profile, credit_limit, avatar, created_at, updated_at)
SELECT pg_temp.uuid_of('customer', n), 'customer' || n || '@example.com', pg_temp.words(n) || ' ' || n,
  (ARRAY['en-GB', 'de-DE', 'ja-JP', 'ar-EG', 'pt-BR'])[1 + n % 5],
  CASE n % 4 WHEN 0 THEN '{}'::text[] WHEN 1 THEN ARRAY['vip', 'a,b'] WHEN 2 THEN ARRAY[NULL, '{"}'] ELSE ARRAY[pg_temp.words(n)] END,
  jsonb_build_object('plan', n % 7, 'ratio', n / 8.0, 'name', pg_temp.words(n + 3), 'none', NULL, 'nested', jsonb_build_array(n, '☃', true)),
  CASE WHEN n % 3 = 0 THEN NULL ELSE (n * 37 % 1000000) / 100.0 END,
  CASE WHEN n % 5 = 0 THEN NULL ELSE decode(md5('avatar' || n) || '00ff', 'hex') END,
  timestamptz '2021-03-28 00:59:59.999999+00' + n * interval '17 minutes 3.000001 seconds',
  timestamptz '2024-01-01 00:00:00+00' + n * interval '1.000123 seconds'
FROM generate_series(1, 4000) n;

INSERT INTO products (code, name, active, launched_on, metadata)
SELECT 'PRD-' || lpad((n * 31)::text, 6, '0'), pg_temp.words(n) || ' plan', n % 6 <> 0, date '1999-12-31' + (n * 97)::integer,
  CASE WHEN n % 4 = 0 THEN NULL ELSE jsonb_build_object('tier', n % 3, 'big', 9007199254740993 + n) END
FROM generate_series(1, 40) n;

INSERT INTO prices (product_id, currency, unit_amount, billed_every)
SELECT 1 + n / 6, (ARRAY['EUR', 'USD', 'JPY'])[1 + n % 3], (n * 7919 % 1000000) / 10000.0,
  (ARRAY['month', 'year'])[1 + n % 2]::billing_interval
FROM generate_series(0, 239) n;

INSERT INTO tax_rates (country, valid_from, rate, label)
SELECT chr(65 + n / 10) || chr(65 + n * 7 % 26), date '2000-01-01' + (n * 366)::integer, (n % 28) / 100.0, pg_temp.words(n)
FROM generate_series(0, 99) n;

INSERT INTO subscriptions (customer_id, price_id, state, quantity, period_start, period_end, canceled_at, seats, settings, updated_at)
SELECT 1 + n * 13 % 4000, 1 + n % 240, (enum_range(NULL::subscription_state))[1 + n % 5], 1 + n % 50,
  timestamptz '2025-01-01 00:00:00+00' + n * interval '11 minutes', timestamptz '2025-02-01 00:00:00+00' + n * interval '11 minutes',
  CASE WHEN n % 5 = 4 THEN timestamptz 'infinity' END,
  CASE WHEN n % 3 = 0 THEN ARRAY[ARRAY['row', pg_temp.words(n)], ARRAY['seat', n::text]] END,
  jsonb_build_object('prorate', n % 2 = 0), timestamptz '2025-01-01 00:00:00+00' + n * interval '1 second'
FROM generate_series(1, 5000) n;

INSERT INTO invoices (customer_id, subscription_id, number, state, issued_on, due_on, subtotal, tax, notes, updated_at)
SELECT 1 + n * 13 % 4000, CASE WHEN n % 9 = 0 THEN NULL ELSE 1 + n % 5000 END,
  'INV-' || 2020 + n % 6 || '-' || lpad(n::text, 8, '0'), (enum_range(NULL::invoice_state))[1 + n % 5],
  date '2024-01-01' + (n % 700)::integer, date '2024-01-31' + (n % 700)::integer,
  (n * 7717 % 10000000) / 100.0, (n * 1471 % 1900000) / 100.0,
  CASE WHEN n % 4 = 0 THEN NULL ELSE repeat(pg_temp.words(n) || ' ', (n % 5)::integer) END,
  timestamptz '2025-06-01 00:00:00+00' + n * interval '1.5 seconds'
FROM generate_series(1, 9000) n;

INSERT INTO invoice_lines (invoice_id, line_number, description, quantity, unit_amount, usage_event_ids)
SELECT 1 + n / 2, 1 + n % 2, pg_temp.words(n * 3), (n % 1000) / 8.0, (n * 331 % 1000000) / 10000.0 - 5,
  CASE WHEN n % 3 = 0 THEN ARRAY[n, n + 1]::bigint[] END
FROM generate_series(0, 17999) n;

INSERT INTO payments (id, customer_id, amount, currency, method, provider_reference, exchange_rate, receipt, received_at)
SELECT pg_temp.uuid_of('payment', n), 1 + n * 13 % 4000, 1 + (n * 7717 % 10000000) / 100.0, (ARRAY['EUR', 'USD', 'JPY'])[1 + n % 3],
  (enum_range(NULL::payment_method))[1 + n % 5], CASE WHEN n % 6 = 0 THEN NULL ELSE 'ch_' || md5('reference' || n) END,
  CASE n % 4 WHEN 0 THEN NULL WHEN 1 THEN 1.0 / n WHEN 2 THEN n * 1e17 ELSE -0.0 END,
  CASE WHEN n % 2 = 0 THEN decode(repeat(md5('receipt' || n), (n % 4)::integer), 'hex') END,
  timestamptz '2025-03-30 00:59:59.5+00' + n * interval '7 minutes 0.000001 seconds'
FROM generate_series(1, 7000) n;

INSERT INTO payment_allocations (payment_id, invoice_id, amount, allocated_at)
SELECT pg_temp.uuid_of('payment', n), 1 + n * 3 % 9000, 0.01 + (n % 5000) / 100.0, timestamptz '2025-07-01 00:00:00+00' + n * interval '1 second'
FROM generate_series(1, 7000) n;

INSERT INTO credit_notes (invoice_id, amount, reason, approved_at, took)
SELECT 1 + n * 17 % 9000, 0.5 + n, pg_temp.words(n), CASE WHEN n % 3 = 0 THEN NULL ELSE timestamp '2025-01-01 12:00:00.25' + n * interval '1 hour' END,
  CASE WHEN n % 2 = 0 THEN n * interval '1 day 2 hours 3.5 seconds' END
FROM generate_series(1, 400) n;

INSERT INTO usage_events (subscription_id, idempotency_key, metric, quantity, unit_cost, occurred_at, dimensions)
SELECT 1 + n * 7 % 5000, pg_temp.uuid_of('usage', n), (n % 12)::smallint, n / 3.0, (n % 100) / 7.0,
  timestamptz '2025-05-01 00:00:00+00' + n * interval '91.000007 seconds',
  CASE WHEN n % 3 = 0 THEN NULL ELSE jsonb_build_object('region', n % 4, 'path', pg_temp.words(n)) END
FROM generate_series(1, 12000) n;

INSERT INTO webhook_deliveries (topic, payload, state, attempts, available_at, last_error)
SELECT (ARRAY['invoice.paid', 'invoice.created', 'payment.failed'])[1 + n % 3], jsonb_build_object('invoice', n, 'note', pg_temp.words(n)),
  CASE WHEN n <= 1200 THEN 'delivered' ELSE 'waiting' END::delivery_state, CASE WHEN n <= 1200 THEN 1 ELSE 0 END,
  timestamptz '2025-08-01 00:00:00+00' + n * interval '1 second', CASE WHEN n % 50 = 0 THEN 'HTTP 503: ' || pg_temp.words(n) END
FROM generate_series(1, 1500) n;

ANALYZE;
