-- One row per outlet and section: named against unnamed speakers.

-- A view, as mart.sources is.
create or replace view mart.named_sources as
with by_article as (
    select
        article_id,
        count(*) as quote_count,
        count_if(speaker_type = 'named person') as named_count,
        count_if(speaker_type in ('unnamed person', 'unnamed group')) as unnamed_count,
        count_if(speaker_type = 'organization') as organization_count,
        count_if(speaker_type = 'document') as document_count,
    from main.quotes
    where kind != 'act'
    group by article_id
)

select
    articles.outlet,
    articles.section,
    sum(by_article.quote_count)::bigint as quote_count,
    sum(by_article.named_count)::bigint as named_count,
    sum(by_article.unnamed_count)::bigint as unnamed_count,
    sum(by_article.organization_count)::bigint as organization_count,
    sum(by_article.document_count)::bigint as document_count,
    (
        sum(by_article.unnamed_count)
        / nullif(sum(by_article.named_count) + sum(by_article.unnamed_count), 0)
    )::float as unnamed_share,
    count(*) as article_count,
from by_article
inner join main.articles on by_article.article_id = articles.article_id
group by articles.outlet, articles.section;

comment on view mart.named_sources is 'One row per outlet and section: named against unnamed speakers.';
comment on column mart.named_sources.outlet is 'Outlet; null for the articles that have none.';
comment on column mart.named_sources.section is 'Section; null for the articles that have none.';
comment on column mart.named_sources.quote_count is 'Number of quotes, without acts; a joint quote counts once.';
comment on column mart.named_sources.named_count is 'Number of those of named persons.';
comment on column mart.named_sources.unnamed_count is 'Number of those of unnamed persons and groups.';
comment on column mart.named_sources.organization_count is 'Number of those of organizations.';
comment on column mart.named_sources.document_count is 'Number of those of documents. The rest has no speaker.';
comment on column mart.named_sources.unnamed_share is 'Share of unnamed persons and groups among all persons and groups, from 0 to 1; null if there are none.';
comment on column mart.named_sources.article_count is 'Number of articles with a quote.';
