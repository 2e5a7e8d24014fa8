-- What a schema of somebody else may hold. Most tables are empty.
CREATE SCHEMA "Odd ""Schema";
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE TYPE pair AS (a integer, b text);

CREATE TABLE tenants (
  id uuid PRIMARY KEY, slug varchar(12) NOT NULL UNIQUE CHECK (slug ~ '^[a-z]{3,12}$')
);
CREATE TABLE users (
  tenant_id uuid NOT NULL REFERENCES tenants, id integer NOT NULL, email text NOT NULL, manager integer,
  score positive NOT NULL, PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id, manager) REFERENCES users (tenant_id, id)
);
CREATE UNIQUE INDEX users_email ON users (lower(email));
CREATE TABLE "Odd ""Schema"."User Settings" (
  "Tenant" uuid NOT NULL, "user" integer NOT NULL, theme text NOT NULL DEFAULT 'x', p pair, PRIMARY KEY ("Tenant", "user"),
  FOREIGN KEY ("Tenant", "user") REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE TABLE bookings (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, during tstzrange NOT NULL, EXCLUDE USING gist (during WITH &&)
);
INSERT INTO bookings (during)
SELECT tstzrange(timestamptz '2025-01-01' + n * interval '1 day', timestamptz '2025-01-01' + n * interval '25 hours')
FROM generate_series(1, 20) n;
CREATE TABLE sums (
  id bigserial PRIMARY KEY, a numeric(10, 2) NOT NULL, b numeric(10, 2) NOT NULL, c numeric(11, 2) NOT NULL,
  CHECK (c = a + b), CHECK (a >= 0)
);
CREATE TABLE audit (id bigserial PRIMARY KEY, what text NOT NULL, sums_id bigint);
CREATE FUNCTION note_sum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit (what, sums_id) VALUES (tg_op, NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER sums_noted AFTER INSERT OR UPDATE ON sums FOR EACH ROW EXECUTE FUNCTION note_sum();
CREATE TABLE measurements (at timestamptz NOT NULL, sensor integer NOT NULL, value float8, PRIMARY KEY (at, sensor))
  PARTITION BY RANGE (at);
CREATE TABLE measurements_old PARTITION OF measurements FOR VALUES FROM ('-infinity') TO ('2026-01-01');
CREATE TABLE measurements_new PARTITION OF measurements FOR VALUES FROM ('2026-01-01') TO ('infinity');
CREATE TABLE codes (id serial PRIMARY KEY, code text NOT NULL UNIQUE, n integer);
INSERT INTO codes (code, n) SELECT 'ok-' || lpad(n::text, 6, '0'), n FROM generate_series(1, 50) n;
CREATE FUNCTION check_code() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.code NOT LIKE 'ok-%' OR length(NEW.code) > 9 THEN RAISE EXCEPTION 'bad code'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER codes_checked BEFORE INSERT OR UPDATE ON codes FOR EACH ROW EXECUTE FUNCTION check_code();
CREATE TABLE every_type (
  id serial PRIMARY KEY, body text, v tsvector GENERATED ALWAYS AS (to_tsvector('simple', coalesce(body, ''))) STORED,
  place point, bits bit(5), cost money, x xml, list numeric(6, 2)[], host inet, at time, t2 timestamp(3), r real
);
INSERT INTO every_type (body, place, bits, cost, list) SELECT 'b', point(1, 2), b'10101', 3.5, '{1.25,NULL}' FROM generate_series(1, 60);
CREATE TABLE without_key (x integer);
CREATE TABLE only_flags (flag boolean PRIMARY KEY);
INSERT INTO only_flags VALUES (true), (false);
