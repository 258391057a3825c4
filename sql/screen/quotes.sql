-- Quotes with the columns first that people read, for screens, which lack room for those in the middle. $database is
-- replaced by the name of the published database: without it, the view would read itself.

-- Macros read this view too, and join by rowid.
create temp view quotes as
select
    speaker,
    text,
    kind,
    confidence,
    rowid,
    * exclude (speaker, text, kind, confidence, article_id, quote_no),
    article_id,
    quote_no,
from $database.main.quotes
