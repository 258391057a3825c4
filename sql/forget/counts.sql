-- One row: what the articles in `wanted_articles` have in the tables, by kind. Entities are those that nothing else names.

with named as (
    select entity_id, article_id from mentions
    union all
    select speaker_entity_id as entity_id, article_id from quote_speakers where speaker_entity_id is not null
),

only_here as (
    select named.entity_id
    from named
    left join wanted_articles on named.article_id = wanted_articles.article_id
    group by named.entity_id
    having bool_and(wanted_articles.article_id is not null)
)

select
    (select count(*) from articles semi join wanted_articles using (article_id)) as articles,
    (select count(*) from article_versions semi join wanted_articles using (article_id)) as "earlier versions",
    (select count(*) from quotes semi join wanted_articles using (article_id)) as quotes,
    (select count(*) from quote_speakers semi join wanted_articles using (article_id)) as "quote speakers",
    (select count(*) from mentions semi join wanted_articles using (article_id)) as mentions,
    (select count(*) from only_here) as entities,
    (
        select count(*)
        from search.articles as indexed
        where indexed.article_id in (select article_id from wanted_articles)
    ) as "search entries"
