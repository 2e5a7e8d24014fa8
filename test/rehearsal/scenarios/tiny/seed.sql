INSERT INTO owners (name, mood, tags)
SELECT 'Ownér ' || n, (ARRAY['calm', 'cross'])[1 + n % 2]::mood, ARRAY['t' || n % 3, '☃'] FROM generate_series(1, 100) n;
INSERT INTO pets (owner_id, number, name, weight, seen_at)
SELECT 1 + n / 2, 1 + n % 2, 'Pet ' || n, 0.125 + n, timestamptz '2025-01-01 00:00:00.000001+00' + n * interval '1 hour'
FROM generate_series(0, 199) n;
INSERT INTO visits (owner_id, pet_number, notes, photo)
SELECT 1 + n / 2, 1 + n % 2, jsonb_build_object('n', n, 'half', n / 2.0), decode(md5(n::text), 'hex') FROM generate_series(0, 199) n;
