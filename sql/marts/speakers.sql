-- One row per speaker: a person or organization that is quoted.

create or replace table mart.speakers as
with said as (
    select
        entities.entity_id,
        entities.name as speaker,
        entities.kind,
        quotes.article_id,
        quotes.kind as quote_kind,
        (coalesce(articles.cluster_id, articles.article_id), quotes.text) as words,
        articles.published_on,
    from quotes
    inner join entities on quotes.speaker_entity_id = entities.entity_id
    inner join articles on quotes.article_id = articles.article_id
)

select
    entity_id,
    speaker,
    kind,
    count(*) as quote_count,
    count(distinct words) as distinct_quote_count,
    count(distinct article_id) as article_count,
    count_if(quote_kind = 'direct') / count(*) as direct_share,
    min(published_on) as first_quoted_on,
    max(published_on) as last_quoted_on,
from said
group by entity_id, speaker, kind
order by quote_count desc, speaker;

comment on table mart.speakers is 'One row per speaker: a person or organization that is quoted.';
comment on column mart.speakers.entity_id is 'The speaker, as in entities.';
comment on column mart.speakers.speaker is 'Fullest good form of the name.';
comment on column mart.speakers.kind is 'person, organization or another kind of entity.';
comment on column mart.speakers.quote_count is 'Quotes of all kinds.';
comment on column mart.speakers.distinct_quote_count is 'The same, each counted once among near duplicates.';
comment on column mart.speakers.article_count is 'Articles with at least one of them.';
comment on column mart.speakers.direct_share is 'Share of the quotes that stand in quotation marks, 0 to 1.';
comment on column mart.speakers.first_quoted_on is 'Day of the first article.';
comment on column mart.speakers.last_quoted_on is 'Day of the last article.';
