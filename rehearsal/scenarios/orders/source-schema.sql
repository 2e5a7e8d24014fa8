-- A shop's orders as Django keeps them on MySQL or MariaDB. It holds what makes a real change of the engine hard: booleans
-- in tinyint(1), durations as whole microseconds, UUIDs as text and as bytes, JSON, enums and sets, unsigned
-- integers, generated columns, collations, a trigger, a many-to-many table and a queue. No key of it cascades.

SET NAMES utf8mb4;

CREATE TABLE country (
  code char(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name varchar(80) NOT NULL,
  vat_rate decimal(6, 4) NOT NULL,
  in_union tinyint(1) NOT NULL DEFAULT 0,
  PRIMARY KEY (code),
  CONSTRAINT country_vat_rate CHECK (vat_rate BETWEEN 0 AND 1)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- Two addresses that differ in case only are two customers here; the target holds them for one.
CREATE TABLE customer (
  id bigint NOT NULL AUTO_INCREMENT,
  public_id char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  email varchar(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  name varchar(150) NOT NULL,
  active tinyint(1) NOT NULL DEFAULT 1,
  newsletter bit(1) NOT NULL DEFAULT b'0',
  country_code char(2) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  credit_limit decimal(12, 2) DEFAULT NULL,
  preferences json NOT NULL,
  birth_date date DEFAULT NULL,
  login_count int unsigned NOT NULL DEFAULT 0,
  avatar mediumblob,
  notes longtext,
  created_at datetime(6) NOT NULL,
  updated_at datetime(6) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY customer_public_id (public_id),
  UNIQUE KEY customer_email (email),
  KEY customer_country_code (country_code),
  CONSTRAINT customer_country_code_fk FOREIGN KEY (country_code) REFERENCES country (code),
  CONSTRAINT customer_credit_limit CHECK (credit_limit >= 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

CREATE TABLE category (
  id int unsigned NOT NULL AUTO_INCREMENT,
  parent_id int unsigned DEFAULT NULL,
  name varchar(80) NOT NULL,
  slug varchar(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  position smallint NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY category_slug (slug),
  KEY category_parent_id (parent_id),
  CONSTRAINT category_parent_id_fk FOREIGN KEY (parent_id) REFERENCES category (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

CREATE TABLE product (
  id int NOT NULL AUTO_INCREMENT,
  sku varchar(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name varchar(200) NOT NULL,
  description longtext NOT NULL,
  kind enum('physical','digital','service') NOT NULL DEFAULT 'physical',
  delivery set('post','courier','pickup') NOT NULL DEFAULT '',
  category_id int unsigned NOT NULL,
  price decimal(10, 4) NOT NULL,
  weight_kg double DEFAULT NULL,
  rating float DEFAULT NULL,
  stock mediumint unsigned NOT NULL DEFAULT 0,
  active tinyint(1) NOT NULL DEFAULT 1,
  attributes json DEFAULT NULL,
  image_digest varbinary(32) DEFAULT NULL,
  launched_on date DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY product_sku (sku),
  KEY product_category_id (category_id),
  CONSTRAINT product_category_id_fk FOREIGN KEY (category_id) REFERENCES category (id),
  CONSTRAINT product_price CHECK (price >= 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

CREATE TABLE tag (
  id int NOT NULL AUTO_INCREMENT,
  label varchar(60) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY tag_label (label)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- Many to many, as Django makes it: a key of its own and a unique pair.
CREATE TABLE product_tags (
  id bigint NOT NULL AUTO_INCREMENT,
  product_id int NOT NULL,
  tag_id int NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY product_tags_product_id_tag_id (product_id, tag_id),
  KEY product_tags_tag_id (tag_id),
  CONSTRAINT product_tags_product_id_fk FOREIGN KEY (product_id) REFERENCES product (id),
  CONSTRAINT product_tags_tag_id_fk FOREIGN KEY (tag_id) REFERENCES tag (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

CREATE TABLE purchase (
  id bigint unsigned NOT NULL AUTO_INCREMENT,
  number varchar(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  customer_id bigint NOT NULL,
  status enum('draft','placed','paid','packed','shipped','returned','cancelled') NOT NULL DEFAULT 'draft',
  external_reference binary(16) DEFAULT NULL,
  total decimal(14, 2) NOT NULL,
  discount decimal(5, 4) NOT NULL DEFAULT 0.0000,
  currency char(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  gift tinyint(1) NOT NULL DEFAULT 0,
  remark text,
  placed_at datetime(6) NOT NULL,
  paid_at datetime(6) DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY purchase_number (number),
  UNIQUE KEY purchase_external_reference (external_reference),
  KEY purchase_customer_id (customer_id),
  KEY purchase_status_placed_at (status, placed_at),
  CONSTRAINT purchase_customer_id_fk FOREIGN KEY (customer_id) REFERENCES customer (id),
  CONSTRAINT purchase_discount CHECK (discount BETWEEN 0 AND 1)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

CREATE TABLE purchase_line (
  purchase_id bigint unsigned NOT NULL,
  line_number smallint unsigned NOT NULL,
  product_id int NOT NULL,
  quantity decimal(8, 3) NOT NULL,
  unit_price decimal(10, 4) NOT NULL,
  amount decimal(16, 2) GENERATED ALWAYS AS (round(quantity * unit_price, 2)) STORED,
  PRIMARY KEY (purchase_id, line_number),
  KEY purchase_line_product_id (product_id),
  CONSTRAINT purchase_line_purchase_id_fk FOREIGN KEY (purchase_id) REFERENCES purchase (id),
  CONSTRAINT purchase_line_product_id_fk FOREIGN KEY (product_id) REFERENCES product (id),
  CONSTRAINT purchase_line_quantity CHECK (quantity > 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- Django's UUIDField: 32 hexadecimal digits.
CREATE TABLE payment (
  id char(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  purchase_id bigint unsigned NOT NULL,
  amount decimal(14, 2) NOT NULL,
  method enum('card','transfer','wallet','cash') NOT NULL,
  provider_reference varchar(64) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  exchange_rate double DEFAULT NULL,
  receipt blob,
  captured_at datetime(6) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY payment_provider_reference (provider_reference),
  KEY payment_purchase_id (purchase_id),
  CONSTRAINT payment_purchase_id_fk FOREIGN KEY (purchase_id) REFERENCES purchase (id),
  CONSTRAINT payment_amount CHECK (amount > 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- Django's DurationField: whole microseconds.
CREATE TABLE shipment (
  id bigint NOT NULL AUTO_INCREMENT,
  purchase_id bigint unsigned NOT NULL,
  carrier varchar(40) NOT NULL,
  tracking_code varchar(64) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  state enum('waiting','moving','delivered','lost') NOT NULL DEFAULT 'waiting',
  weight_grams int unsigned NOT NULL,
  transit_microseconds bigint DEFAULT NULL,
  pick_up_time time(6) DEFAULT NULL,
  shipped_at datetime(6) DEFAULT NULL,
  delivered_on date DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY shipment_tracking_code (tracking_code),
  KEY shipment_purchase_id (purchase_id),
  CONSTRAINT shipment_purchase_id_fk FOREIGN KEY (purchase_id) REFERENCES purchase (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

CREATE TABLE review (
  id bigint NOT NULL AUTO_INCREMENT,
  product_id int NOT NULL,
  customer_id bigint NOT NULL,
  stars tinyint unsigned NOT NULL,
  title varchar(120) NOT NULL,
  body longtext NOT NULL,
  published tinyint(1) NOT NULL DEFAULT 0,
  created_at timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  PRIMARY KEY (id),
  UNIQUE KEY review_product_id_customer_id (product_id, customer_id),
  KEY review_customer_id (customer_id),
  CONSTRAINT review_product_id_fk FOREIGN KEY (product_id) REFERENCES product (id),
  CONSTRAINT review_customer_id_fk FOREIGN KEY (customer_id) REFERENCES customer (id),
  CONSTRAINT review_stars CHECK (stars BETWEEN 1 AND 5)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

CREATE TABLE stock_movement (
  id bigint unsigned NOT NULL AUTO_INCREMENT,
  product_id int NOT NULL,
  delta int NOT NULL,
  reason varchar(40) NOT NULL,
  flags bit(8) NOT NULL DEFAULT b'0',
  season year DEFAULT NULL,
  temperature float DEFAULT NULL,
  recorded_at datetime(3) NOT NULL,
  PRIMARY KEY (id),
  KEY stock_movement_product_id_recorded_at (product_id, recorded_at),
  CONSTRAINT stock_movement_product_id_fk FOREIGN KEY (product_id) REFERENCES product (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

CREATE TABLE login_session (
  session_key varchar(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  session_data longtext NOT NULL,
  expire_date datetime(6) NOT NULL,
  PRIMARY KEY (session_key),
  KEY login_session_expire_date (expire_date)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- The queue: its consumer takes rows with FOR UPDATE and connects to a database of its own choosing.
CREATE TABLE notification (
  id bigint NOT NULL AUTO_INCREMENT,
  topic varchar(80) NOT NULL,
  payload json NOT NULL,
  state enum('waiting','sent','failed') NOT NULL DEFAULT 'waiting',
  attempts int unsigned NOT NULL DEFAULT 0,
  available_at datetime(6) NOT NULL,
  last_error text,
  PRIMARY KEY (id),
  KEY notification_state_id (state, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci;

-- MySQL knows no replica role: a trigger stays quiet where replication applies changes only if it asks for that itself.
DELIMITER ;;
CREATE TRIGGER customer_touched BEFORE UPDATE ON customer FOR EACH ROW
BEGIN
  IF @cutover_replication IS NULL THEN
    SET NEW.updated_at = UTC_TIMESTAMP(6);
  END IF;
END ;;
DELIMITER ;
