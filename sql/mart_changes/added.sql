-- The rows of new articles, read once for all marts. By rowid: texts are read of these rows only.

create or replace temp table added_articles as
select
    article_id,
    published_on,
    section,
    agency,
    outlet,
    word_count,
from articles
where article_id in (select article_id from ops.new_articles);

create or replace temp table added_mentions as
select
    mentions.article_id,
    mentions.entity_id,
    mentions.field,
    mentions.char_start,
    mentions.kind,
    mentions.text,
    mentions.name,
    added_articles.published_on,
from mentions
inner join added_articles on mentions.article_id = added_articles.article_id
where
    mentions.rowid in (
        select found.rowid
        from mentions as found
        where found.article_id in (select article_id from added_articles)
    );

create or replace temp table added_speakers as
select
    quote_speakers.article_id,
    quote_speakers.quote_no,
    quote_speakers.speaker_entity_id as entity_id,
    quote_speakers.speaker_name,
    quote_speakers.speaker_role,
    added_articles.published_on,
from quote_speakers
inner join added_articles on quote_speakers.article_id = added_articles.article_id
where
    quote_speakers.speaker_entity_id is not null
    and quote_speakers.rowid in (
        select found.rowid
        from quote_speakers as found
        where found.article_id in (select article_id from added_articles)
    );
