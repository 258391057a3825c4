-- Remember how the articles of `target_articles` are before corrections change them: a fingerprint of their rows, and their
-- entities. An article is remembered once in a transaction.

create temp table if not exists touched_articles (article_id bigint, fingerprint hugeint);

create temp table if not exists touched_entities (entity_id bigint);

create or replace temp table new_articles as
select distinct target_articles.article_id
from target_articles
anti join touched_articles on target_articles.article_id = touched_articles.article_id;

insert into touched_entities
select mentions.entity_id
from mentions
semi join new_articles on mentions.article_id = new_articles.article_id
union
select quote_speakers.speaker_entity_id
from quote_speakers
semi join new_articles on quote_speakers.article_id = new_articles.article_id
where quote_speakers.speaker_entity_id is not null;

insert into touched_articles
with hashed as (
    select
        article_id,
        hash(quotes) as row_hash,
    from quotes
    where article_id in (select article_id from new_articles)
    union all
    select
        article_id,
        hash(quote_speakers) as row_hash,
    from quote_speakers
    where article_id in (select article_id from new_articles)
    union all
    select
        article_id,
        hash(mentions) as row_hash,
    from mentions
    where article_id in (select article_id from new_articles)
)

select
    new_articles.article_id,
    coalesce(sum(hashed.row_hash), 0)::hugeint as fingerprint,
from new_articles
left join hashed on new_articles.article_id = hashed.article_id
group by new_articles.article_id;

drop table new_articles;
