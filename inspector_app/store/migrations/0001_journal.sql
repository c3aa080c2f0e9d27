-- What can never be rebuilt: entries, the province's documents, private parts, drafts, file keys. Projections are not here.
CREATE TABLE entries (
    seq INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,
    public BLOB NOT NULL,
    actor_sig BLOB NOT NULL
) STRICT;

-- An entry is written once and kept for ever, whoever holds the database.
CREATE TRIGGER entries_are_never_changed BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;
CREATE TRIGGER entries_are_never_deleted BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;
CREATE TRIGGER entries_have_no_gap BEFORE INSERT ON entries
WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM entries)
BEGIN SELECT RAISE(ABORT, 'entries follow each other'); END;

CREATE TABLE entry_private (
    seq INTEGER PRIMARY KEY REFERENCES entries (seq),
    salt BLOB NOT NULL,
    content BLOB NOT NULL
) STRICT;

-- A private part may go at the end of its retention, but it is never rewritten, nor added again afterwards.
CREATE TRIGGER private_parts_are_never_changed BEFORE UPDATE ON entry_private
BEGIN SELECT RAISE(ABORT, 'private parts are never rewritten'); END;
CREATE TRIGGER private_parts_are_never_replaced BEFORE INSERT ON entry_private
WHEN EXISTS (SELECT 1 FROM entry_private AS held WHERE held.seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'private parts are never rewritten'); END;
CREATE TABLE retention (
    seq INTEGER PRIMARY KEY REFERENCES entries (seq),
    applied_by INTEGER NOT NULL REFERENCES entries (seq)
) STRICT;
CREATE TRIGGER private_parts_do_not_come_back BEFORE INSERT ON entry_private
WHEN EXISTS (SELECT 1 FROM retention WHERE retention.seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'its retention has ended'); END;
CREATE TRIGGER private_parts_go_only_by_retention BEFORE DELETE ON entry_private
WHEN NOT EXISTS (SELECT 1 FROM retention WHERE retention.seq = OLD.seq)
BEGIN SELECT RAISE(ABORT, 'only retention removes a private part'); END;

-- The province's documents; they take effect at the province.pulled entry that names them.
CREATE TABLE province_documents (
    cursor INTEGER NOT NULL,
    epoch TEXT NOT NULL,
    kind TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (epoch, cursor)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER documents_are_never_changed BEFORE UPDATE ON province_documents
BEGIN SELECT RAISE(ABORT, 'documents of the province are append-only'); END;
CREATE TRIGGER documents_are_never_deleted BEFORE DELETE ON province_documents
BEGIN SELECT RAISE(ABORT, 'documents of the province are append-only'); END;
-- REPLACE deletes without asking the trigger above.
CREATE TRIGGER documents_are_never_replaced BEFORE INSERT ON province_documents
WHEN EXISTS (SELECT 1 FROM province_documents AS held WHERE (held.epoch, held.cursor) = (NEW.epoch, NEW.cursor))
BEGIN SELECT RAISE(ABORT, 'documents of the province are append-only'); END;

-- What is personal in a document (a sister's private part, an online declaration) goes at the end of its retention too.
-- ref is the sister's entry (<device>/<seq>) or online/<online declaration>.
CREATE TABLE document_private (
    epoch TEXT NOT NULL,
    cursor INTEGER NOT NULL,
    ref TEXT NOT NULL,
    salt BLOB NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (epoch, cursor),
    FOREIGN KEY (epoch, cursor) REFERENCES province_documents (epoch, cursor)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_private_ref ON document_private (ref);
CREATE TABLE document_retention (
    ref TEXT PRIMARY KEY,
    applied_by INTEGER NOT NULL REFERENCES entries (seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER document_parts_are_never_changed BEFORE UPDATE ON document_private
BEGIN SELECT RAISE(ABORT, 'private parts are never rewritten'); END;
CREATE TRIGGER document_parts_go_only_by_retention BEFORE DELETE ON document_private
WHEN NOT EXISTS (SELECT 1 FROM document_retention WHERE document_retention.ref = OLD.ref)
BEGIN SELECT RAISE(ABORT, 'only retention removes a private part'); END;
CREATE TRIGGER document_parts_are_never_replaced BEFORE INSERT ON document_private
WHEN EXISTS (SELECT 1 FROM document_private AS held WHERE (held.epoch, held.cursor) = (NEW.epoch, NEW.cursor))
BEGIN SELECT RAISE(ABORT, 'private parts are never rewritten'); END;
CREATE TRIGGER document_parts_do_not_come_back BEFORE INSERT ON document_private
WHEN EXISTS (SELECT 1 FROM document_retention WHERE document_retention.ref = NEW.ref)
BEGIN SELECT RAISE(ABORT, 'its retention has ended'); END;

-- Attachments and exact print bytes lie beside the database, each under its own key.
CREATE TABLE files (
    sha256 TEXT PRIMARY KEY,
    key BLOB NOT NULL,
    size INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    uploaded INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Credentials by print: the first lies open, the spares (补打件) are sealed and opened one at a time, on release.
CREATE TABLE credentials (
    number TEXT NOT NULL,
    print INTEGER NOT NULL,
    credential BLOB,
    sealed BLOB,
    PRIMARY KEY (number, print),
    CHECK (credential IS NOT NULL OR sealed IS NOT NULL)
) STRICT, WITHOUT ROWID;

-- The printer's own name for a job, to ask again after a restart.
CREATE TABLE tickets (attempt TEXT PRIMARY KEY, ticket TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- What a person is typing; local, never sent, kept 30 days after it was discarded.
CREATE TABLE drafts (
    draft TEXT PRIMARY KEY,
    form TEXT NOT NULL,
    person INTEGER NOT NULL,
    subject TEXT NOT NULL,
    content BLOB NOT NULL,
    saved_at INTEGER NOT NULL,
    discarded_at INTEGER
) STRICT, WITHOUT ROWID;

-- How far the province has acknowledged; a note, not a fact: the next contact restores it.
CREATE TABLE acknowledged (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    receipt BLOB NOT NULL,
    cursor INTEGER NOT NULL,
    contacted_at INTEGER NOT NULL
) STRICT;

-- Why issuing stopped, until a person has looked (copied folder, restored backup); reading and syncing go on.
CREATE TABLE frozen (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    reason TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE TABLE projections (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    version INTEGER NOT NULL,
    seq INTEGER NOT NULL
) STRICT;
