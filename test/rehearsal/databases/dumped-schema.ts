/** What pg_dump writes in its plain format, with what commonly is in the way: settings, owners, COPY, psql brackets. */
export const dumpedSchema = String.raw`--
-- PostgreSQL database dump
--

\restrict kNbz0Zgu3yLqWv

-- Dumped from database version 15.18
-- Dumped by pg_dump version 17.10

SET statement_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET row_security = off;

CREATE SCHEMA public;
CREATE SCHEMA audit;
CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public;

CREATE FUNCTION public.double(a integer) RETURNS integer
    LANGUAGE sql IMMUTABLE
    BEGIN ATOMIC
 SELECT (a * 2);
END;

CREATE FUNCTION public.touch() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  NEW.at := now(); -- a semicolon; and a quote's start
  RETURN NEW;
END
$$;

CREATE FUNCTION public.note() RETURNS event_trigger
    LANGUAGE plpgsql
    AS $_$BEGIN NULL; END$_$;

CREATE TABLE public.customers (
    id bigint NOT NULL,
    name public.citext NOT NULL,
    at timestamp with time zone DEFAULT now()
);

CREATE SEQUENCE public.customers_id_seq START WITH 1000;
ALTER SEQUENCE public.customers_id_seq OWNED BY public.customers.id;
ALTER TABLE ONLY public.customers ALTER COLUMN id SET DEFAULT nextval('public.customers_id_seq'::regclass);

CREATE VIEW public.customer_names AS SELECT name FROM public.customers;

CREATE TABLE public.plans (
    code text NOT NULL
);

CREATE TABLE audit.events (
    id bigint GENERATED ALWAYS AS IDENTITY
);
ALTER TABLE audit.events OWNER TO legacy_admin;
ALTER TABLE public.customers ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON public.customers USING (true);

COPY public.plans (code) FROM stdin;
A\\B
Zoë's
\.


SELECT pg_catalog.setval('public.customers_id_seq', 1000, true);

ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customers_pkey PRIMARY KEY (id);

CREATE TRIGGER customers_touched BEFORE UPDATE ON public.customers FOR EACH ROW EXECUTE FUNCTION public.touch();

CREATE EVENT TRIGGER noted ON ddl_command_end WHEN TAG IN ('DROP TABLE')
   EXECUTE FUNCTION public.note();
--
-- PostgreSQL database dump complete
--

\unrestrict kNbz0Zgu3yLqWv

`;
