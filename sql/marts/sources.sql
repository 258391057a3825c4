-- One row per type of speaker and section.

-- A view, as mart.rules is: an article that moves to another section or day would need a finer table below it.
create or replace view mart.sources as
with counted as (
    select
        quotes.speaker_type,
        articles.section,
        count(*) as quote_count,
        count(distinct quotes.article_id) as article_count,
    from main.quotes
    inner join main.articles on quotes.article_id = articles.article_id
    where quotes.kind != 'act'
    group by quotes.speaker_type, articles.section
)

select
    speaker_type,
    section,
    quote_count,
    article_count,
    (quote_count / sum(quote_count) over (partition by section))::float as share,
from counted;

comment on view mart.sources is 'One row per type of speaker and section.';
comment on column mart.sources.speaker_type is 'named person, unnamed person, organization, unnamed group or document; null without a speaker, and for sources without an entity if 1.0 extracted the article.';
comment on column mart.sources.section is 'Section; null if the articles have none.';
comment on column mart.sources.quote_count is 'Number of quotes, without acts; a joint quote counts once.';
comment on column mart.sources.article_count is 'Number of articles with such a quote.';
comment on column mart.sources.share is 'Share of the quotes of the section, from 0 to 1.';
