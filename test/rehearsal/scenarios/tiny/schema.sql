CREATE TYPE mood AS ENUM ('calm', 'cross');

CREATE TABLE owners (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  mood mood NOT NULL,
  tags text[] NOT NULL DEFAULT '{}'
);

CREATE TABLE pets (
  owner_id bigint NOT NULL REFERENCES owners,
  number integer NOT NULL CHECK (number > 0),
  name text NOT NULL,
  weight numeric(8, 3) CHECK (weight > 0),
  double_weight numeric(9, 3) GENERATED ALWAYS AS (weight * 2) STORED,
  seen_at timestamptz,
  PRIMARY KEY (owner_id, number)
);

CREATE TABLE visits (
  id serial PRIMARY KEY,
  owner_id bigint NOT NULL,
  pet_number integer NOT NULL,
  notes jsonb,
  photo bytea,
  FOREIGN KEY (owner_id, pet_number) REFERENCES pets (owner_id, number)
);
