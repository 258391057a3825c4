-- One row per outlet and section: named against unnamed speakers.

-- A view, as mart.sources is.
create or replace view mart.named_sources as
select
    articles.outlet,
    articles.section,
    count(*) as quote_count,
    count_if(quotes.speaker_type = 'named person')::bigint as named_count,
    count_if(quotes.speaker_type in ('unnamed person', 'unnamed group'))::bigint as unnamed_count,
    count_if(quotes.speaker_type = 'organization')::bigint as organization_count,
    count_if(quotes.speaker_type = 'document')::bigint as document_count,
    (unnamed_count / nullif(named_count + unnamed_count, 0))::float as unnamed_share,
    count(distinct quotes.article_id) as article_count,
from main.quotes
inner join main.articles on quotes.article_id = articles.article_id
where quotes.kind != 'act'
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
