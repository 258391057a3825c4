-- A view per table and file: each row's article, and a hash of all columns that the checks of sql/checks/by_article read.

create or replace temp view articles_now as
select
    rowid as row_id,
    article_id,
    hash(title, body) as fingerprint,
from articles;

create or replace temp view articles_before as
select
    rowid as row_id,
    article_id,
    hash(title, body) as fingerprint,
from checked.main.articles;

create or replace temp view mentions_now as
select
    rowid as row_id,
    article_id,
    hash(mention_no, field, char_start, char_end, text) as fingerprint,
from mentions;

create or replace temp view mentions_before as
select
    rowid as row_id,
    article_id,
    hash(mention_no, field, char_start, char_end, text) as fingerprint,
from checked.main.mentions;

create or replace temp view quotes_now as
select
    rowid as row_id,
    article_id,
    hash(
        quote_no, text, char_start, char_end, cue, cue_start, cue_end,
        speaker_text, speaker_start, speaker_end, speaker_count, speaker, speaker_name,
        speaker_entity_id, speaker_role, role_start, role_end
    ) as fingerprint,
from quotes;

create or replace temp view quotes_before as
select
    rowid as row_id,
    article_id,
    hash(
        quote_no, text, char_start, char_end, cue, cue_start, cue_end,
        speaker_text, speaker_start, speaker_end, speaker_count, speaker, speaker_name,
        speaker_entity_id, speaker_role, role_start, role_end
    ) as fingerprint,
from checked.main.quotes;

create or replace temp view quote_speakers_now as
select
    rowid as row_id,
    article_id,
    hash(
        quote_no, speaker_no, speaker_entity_id, speaker, speaker_name, speaker_role, role_start, role_end
    ) as fingerprint,
from quote_speakers;

create or replace temp view quote_speakers_before as
select
    rowid as row_id,
    article_id,
    hash(
        quote_no, speaker_no, speaker_entity_id, speaker, speaker_name, speaker_role, role_start, role_end
    ) as fingerprint,
from checked.main.quote_speakers;

create or replace temp table row_sums (
    table_name varchar,
    is_before boolean,
    article_id bigint,
    fingerprint hugeint
)
