CREATE TABLE owners (
  id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name varchar(60) COLLATE utf8mb4_bin NOT NULL UNIQUE,
  mood enum('calm','cross') NOT NULL,
  vip tinyint(1) NOT NULL DEFAULT 0
) DEFAULT CHARSET = utf8mb4;

CREATE TABLE pets (
  owner_id bigint NOT NULL,
  number int NOT NULL,
  name varchar(60) NOT NULL,
  weight decimal(8, 3),
  double_weight decimal(9, 3) GENERATED ALWAYS AS (weight * 2) STORED,
  seen_at datetime(6),
  PRIMARY KEY (owner_id, number),
  CONSTRAINT pets_owner_id FOREIGN KEY (owner_id) REFERENCES owners (id),
  CONSTRAINT pets_number CHECK (number > 0)
) DEFAULT CHARSET = utf8mb4;

CREATE TABLE visits (
  id int NOT NULL AUTO_INCREMENT PRIMARY KEY,
  owner_id bigint NOT NULL,
  pet_number int NOT NULL,
  notes json,
  photo longblob,
  KEY visits_owner_id_pet_number (owner_id, pet_number),
  CONSTRAINT visits_owner_id_pet_number_fk FOREIGN KEY (owner_id, pet_number) REFERENCES pets (owner_id, number)
) DEFAULT CHARSET = utf8mb4;
