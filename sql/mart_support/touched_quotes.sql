-- One row per speaker and quote that the marts of speakers count: all quotes of the speakers in ops.dirty_entities, whose
-- rows are built again, and of the others those in new articles, which are added to their rows. An alias can make two
-- joint speakers one, so each quote counts once.

create or replace temp table touched_quotes as
with touched_speakers as (
    select distinct
        speaker_entity_id as entity_id,
        article_id,
        quote_no,
    from quote_speakers
    where speaker_entity_id in (select entity_id from ops.dirty_entities)
    union all
    select distinct
        entity_id,
        article_id,
        quote_no,
    from added_speakers
    where entity_id not in (select entity_id from ops.dirty_entities)
),

touched_rows as (
    select rowid as row_no
    from quotes
    where article_id in (select article_id from touched_speakers)
)

select
    touched_speakers.entity_id,
    quotes.article_id,
    quotes.quote_no,
    quotes.kind,
    quotes.char_start,
    quotes.char_end,
    articles.published_on,
    articles.section,
    articles.outlet,
    -- For each story, each wording counts once.
    hash(coalesce(articles.cluster_id, articles.article_id), quotes.text) as wording,
from quotes
inner join touched_speakers
    on quotes.article_id = touched_speakers.article_id and quotes.quote_no = touched_speakers.quote_no
inner join articles on quotes.article_id = articles.article_id
where
    quotes.kind != 'act'
    and quotes.rowid in (select row_no from touched_rows);
