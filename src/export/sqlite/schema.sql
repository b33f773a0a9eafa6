-- A table for each kind of record and for each list of theirs. Identifiers are those of the records; official numbers are text.
-- Columns that SQL reserves are called as in laureates.csv: call_name, group_name, public_text.
PRAGMA foreign_keys = ON;

CREATE TABLE documents (
  path TEXT PRIMARY KEY,
  sha256 TEXT NOT NULL,
  media_type TEXT NOT NULL,
  title TEXT,
  url TEXT,
  pages INTEGER,
  publisher TEXT,
  kind TEXT,
  profile TEXT,
  announced INTEGER,
  announced_text TEXT,
  found INTEGER,
  orphan_share REAL
);

CREATE TABLE calls (
  document TEXT NOT NULL REFERENCES documents(path),
  name TEXT NOT NULL,
  status TEXT,
  dates TEXT,
  announced INTEGER,
  found INTEGER NOT NULL
);

CREATE TABLE warnings (
  document TEXT NOT NULL REFERENCES documents(path),
  severity TEXT NOT NULL,
  page INTEGER,
  message TEXT NOT NULL,
  hint TEXT
);

CREATE TABLE organisations (
  id TEXT PRIMARY KEY,
  name TEXT
);

CREATE TABLE organisation_names (
  organisation_id TEXT NOT NULL REFERENCES organisations(id),
  name TEXT NOT NULL,
  PRIMARY KEY (organisation_id, name)
) WITHOUT ROWID;

CREATE TABLE laureates (
  id TEXT PRIMARY KEY,
  organisation_id TEXT NOT NULL REFERENCES organisations(id),
  name TEXT,
  project TEXT,
  call_name TEXT,
  group_name TEXT,
  region TEXT,
  territory TEXT,
  public_text TEXT,
  partners_text TEXT,
  results TEXT,
  description TEXT,
  needs TEXT,
  aid_type TEXT,
  amount_text TEXT,
  amount_value REAL,
  amount_currency TEXT,
  duration TEXT,
  dates TEXT,
  objectives TEXT,
  theme TEXT,
  award_text TEXT,
  award_rank INTEGER,
  award_category TEXT,
  edition_note TEXT,
  edition_event TEXT,
  edition_year INTEGER,
  edition_presented INTEGER,
  edition_selected INTEGER,
  edition_category TEXT,
  conflicts INTEGER NOT NULL
);

CREATE TABLE mentions (
  id TEXT PRIMARY KEY,
  laureate_id TEXT REFERENCES laureates(id),
  document TEXT NOT NULL REFERENCES documents(path),
  position INTEGER NOT NULL,
  ordinal INTEGER,
  page INTEGER,
  name TEXT,
  project TEXT,
  call_name TEXT,
  group_name TEXT,
  region TEXT,
  territory TEXT,
  public_text TEXT,
  partners_text TEXT,
  results TEXT,
  description TEXT,
  amount_text TEXT,
  amount_value REAL,
  amount_currency TEXT
);

CREATE TABLE partners (
  laureate_id TEXT NOT NULL REFERENCES laureates(id),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (laureate_id, position)
) WITHOUT ROWID;

CREATE TABLE places (
  laureate_id TEXT NOT NULL REFERENCES laureates(id),
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  kind TEXT NOT NULL,
  code TEXT,
  name TEXT,
  longitude REAL,
  latitude REAL,
  approximate INTEGER NOT NULL,
  parent TEXT,
  role TEXT NOT NULL,
  PRIMARY KEY (laureate_id, position)
) WITHOUT ROWID;

-- The codes between which a text does not decide, or which together are the place.
CREATE TABLE place_alternatives (
  laureate_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  code TEXT NOT NULL,
  PRIMARY KEY (laureate_id, position, code),
  FOREIGN KEY (laureate_id, position) REFERENCES places(laureate_id, position)
) WITHOUT ROWID;

CREATE TABLE audiences (
  laureate_id TEXT NOT NULL REFERENCES laureates(id),
  position INTEGER NOT NULL,
  code TEXT NOT NULL,
  label TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (laureate_id, position)
) WITHOUT ROWID;

CREATE TABLE identifiers (
  laureate_id TEXT NOT NULL REFERENCES laureates(id),
  position INTEGER NOT NULL,
  scheme TEXT NOT NULL,
  value TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (laureate_id, position)
) WITHOUT ROWID;

-- Days as ISO 8601 has them; none where a side is open.
CREATE TABLE periods (
  laureate_id TEXT NOT NULL REFERENCES laureates(id),
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  start_date TEXT,
  end_date TEXT,
  "precision" TEXT NOT NULL,
  PRIMARY KEY (laureate_id, position)
) WITHOUT ROWID;

CREATE TABLE durations (
  laureate_id TEXT NOT NULL REFERENCES laureates(id),
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  least REAL,
  most REAL,
  unit TEXT NOT NULL,
  PRIMARY KEY (laureate_id, position)
) WITHOUT ROWID;

CREATE TABLE ages (
  laureate_id TEXT NOT NULL REFERENCES laureates(id),
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  least REAL,
  most REAL,
  PRIMARY KEY (laureate_id, position)
) WITHOUT ROWID;

CREATE TABLE quotes (
  laureate_id TEXT NOT NULL REFERENCES laureates(id),
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  author TEXT,
  age INTEGER,
  PRIMARY KEY (laureate_id, position)
) WITHOUT ROWID;

-- The other lists (keywords, web addresses, contacts, funding, added value, types of public), by field; and `other`, by the label that the document prints.
CREATE TABLE texts (
  laureate_id TEXT NOT NULL REFERENCES laureates(id),
  field TEXT NOT NULL,
  position INTEGER NOT NULL,
  label TEXT,
  text TEXT NOT NULL,
  PRIMARY KEY (laureate_id, field, position)
) WITHOUT ROWID;

-- What prose suggests: never a stated value.
CREATE TABLE inferred (
  laureate_id TEXT NOT NULL REFERENCES laureates(id),
  field TEXT NOT NULL,
  position INTEGER NOT NULL,
  value TEXT NOT NULL,
  sentence TEXT NOT NULL,
  confidence REAL NOT NULL,
  PRIMARY KEY (laureate_id, field, position)
) WITHOUT ROWID;

CREATE TABLE figures (
  laureate_id TEXT NOT NULL REFERENCES laureates(id),
  position INTEGER NOT NULL,
  value REAL NOT NULL,
  unit TEXT,
  what TEXT NOT NULL,
  nature TEXT NOT NULL,
  text TEXT NOT NULL,
  sentence TEXT NOT NULL,
  confidence REAL NOT NULL,
  PRIMARY KEY (laureate_id, position)
) WITHOUT ROWID;

-- Which mention gave each retained value, where that mention has it, and how sure it is.
CREATE TABLE provenance (
  laureate_id TEXT NOT NULL REFERENCES laureates(id),
  pointer TEXT NOT NULL,
  mention_id TEXT NOT NULL REFERENCES mentions(id),
  mention_pointer TEXT NOT NULL,
  confidence REAL,
  origin TEXT,
  PRIMARY KEY (laureate_id, pointer)
) WITHOUT ROWID;

-- Where in its document each value of a mention stands: a row for each piece.
CREATE TABLE evidence (
  mention_id TEXT NOT NULL REFERENCES mentions(id),
  pointer TEXT NOT NULL,
  piece INTEGER NOT NULL,
  page INTEGER,
  x0 REAL,
  y0 REAL,
  x1 REAL,
  y1 REAL,
  byte_start INTEGER,
  byte_end INTEGER,
  selector TEXT,
  line INTEGER,
  sheet TEXT,
  cell TEXT,
  part TEXT,
  paragraph INTEGER,
  character_start INTEGER,
  character_end INTEGER,
  joined_by TEXT,
  PRIMARY KEY (mention_id, pointer, piece)
) WITHOUT ROWID;

-- What a source states otherwise than what was retained: a row for each source.
CREATE TABLE variants (
  laureate_id TEXT NOT NULL REFERENCES laureates(id),
  pointer TEXT NOT NULL,
  mention_id TEXT NOT NULL REFERENCES mentions(id),
  value TEXT NOT NULL,
  conflict INTEGER NOT NULL
);

CREATE TABLE links (
  a TEXT NOT NULL REFERENCES mentions(id),
  b TEXT NOT NULL REFERENCES mentions(id),
  decision TEXT NOT NULL,
  because TEXT,
  partner TEXT,
  organisation_weight REAL NOT NULL,
  organisation_probability REAL NOT NULL,
  laureate_weight REAL,
  laureate_probability REAL
);

-- What was not taken may be of a document that gave nothing else.
CREATE TABLE rejects (
  kind TEXT NOT NULL,
  stage TEXT NOT NULL,
  document TEXT,
  record_id TEXT,
  pointer TEXT NOT NULL,
  message TEXT NOT NULL,
  value TEXT
);

-- Names, titles and descriptions by their words, whatever the case and the accents. Datasette knows the index by `content="laureates"`, as it is written here.
CREATE VIRTUAL TABLE laureates_fts USING fts5(
  name, project, description, territory, partners_text, public_text,
  content="laureates", content_rowid="rowid", tokenize="unicode61 remove_diacritics 2"
);
