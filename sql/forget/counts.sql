-- One row: what the articles in `wanted_articles` have in the tables, by kind. Entities are those that nothing else names.

with named as (
    select
        entity_id,
        article_id,
    from mentions
    union all
    select
        speaker_entity_id as entity_id,
        article_id,
    from quote_speakers
    where speaker_entity_id is not null
),

only_here as (
    select named.entity_id
    from named
    left join wanted_articles on named.article_id = wanted_articles.article_id
    group by named.entity_id
    having bool_and(wanted_articles.article_id is not null)
),

wanted as (
    select article_id from wanted_articles
)

select
    (select count(*) from articles where article_id in (from wanted)) as articles,
    (select count(*) from article_versions where article_id in (from wanted)) as earlier_versions,
    (select count(*) from quotes where article_id in (from wanted)) as quotes,
    (select count(*) from quote_speakers where article_id in (from wanted)) as quote_speakers,
    (select count(*) from mentions where article_id in (from wanted)) as mentions,
    (select count(*) from only_here) as entities,
    (select count(*) from search.articles where article_id in (from wanted)) as search_entries
