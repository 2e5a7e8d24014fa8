-- What Cutover keeps in a PostgreSQL database. Idempotent; run by `cutover start --execute` in one transaction.
-- Times are the engine's own clock, for people; nothing is ordered by them across the two sides.

-- Belongs to this side alone: excluded from every replication task.
CREATE SCHEMA IF NOT EXISTS cutover_local;

-- One row per migration. Every effect locks it and compares `epoch`: what carries another one is refused.
CREATE TABLE IF NOT EXISTS cutover_local.state (
  migration text PRIMARY KEY,
  epoch bigint NOT NULL CHECK (epoch >= 0),
  primary_side text NOT NULL CHECK (primary_side IN ('source', 'target')),
  direction text NOT NULL CHECK (direction IN ('forward', 'reverse')),
  phase text NOT NULL CHECK (phase IN ('starting', 'steady', 'switching', 'opening', 'finalized')),
  switch_epoch bigint NOT NULL CHECK (switch_epoch >= 0),
  detail jsonb NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()
);

-- The point of no return of each switch: at most one outcome, whoever commits first.
CREATE TABLE IF NOT EXISTS cutover_local.decision (
  migration text NOT NULL,
  switch_epoch bigint NOT NULL,
  direction text NOT NULL CHECK (direction IN ('forward', 'reverse')),
  outcome text NOT NULL CHECK (outcome IN ('open', 'unwind')),
  epoch bigint NOT NULL,
  -- Where one side was opened without the other: which one, and the interval that nobody has proven.
  accepted_loss jsonb,
  decided_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
  PRIMARY KEY (migration, switch_epoch)
);

-- Accounts that a fence locked: exactly these are unlocked again.
CREATE TABLE IF NOT EXISTS cutover_local.fenced_account (
  account text PRIMARY KEY,
  epoch bigint NOT NULL,
  fenced_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()
);

CREATE TABLE IF NOT EXISTS cutover_local.verification (
  migration text NOT NULL,
  finished_at_milliseconds bigint NOT NULL,
  duration_milliseconds bigint NOT NULL,
  rows bigint NOT NULL,
  divergent_rows bigint NOT NULL,
  unverified_tables jsonb NOT NULL,
  PRIMARY KEY (migration, finished_at_milliseconds)
);

-- How long each run's journal is, so that a cut tail is seen.
CREATE TABLE IF NOT EXISTS cutover_local.journal_head (
  run_id text PRIMARY KEY,
  records bigint NOT NULL,
  head text NOT NULL
);

-- Rows that the application's own accounts write to prove that a side accepts them.
CREATE TABLE IF NOT EXISTS cutover_local.write_proof (
  nonce text PRIMARY KEY,
  account text NOT NULL DEFAULT session_user,
  written_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()
);

-- Travels: each table is selected by the tasks of its own direction only. DMS needs primary keys.
CREATE SCHEMA IF NOT EXISTS cutover_flow;

CREATE TABLE IF NOT EXISTS cutover_flow.marker_forward (
  nonce text PRIMARY KEY,
  epoch bigint NOT NULL,
  written_at timestamptz NOT NULL
);
CREATE TABLE IF NOT EXISTS cutover_flow.marker_reverse (
  nonce text PRIMARY KEY,
  epoch bigint NOT NULL,
  written_at timestamptz NOT NULL
);
CREATE TABLE IF NOT EXISTS cutover_flow.heartbeat_forward (
  id smallint PRIMARY KEY CHECK (id = 1),
  sequence bigint NOT NULL,
  written_at timestamptz NOT NULL
);
CREATE TABLE IF NOT EXISTS cutover_flow.heartbeat_reverse (
  id smallint PRIMARY KEY CHECK (id = 1),
  sequence bigint NOT NULL,
  written_at timestamptz NOT NULL
);
