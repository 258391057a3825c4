-- One row per partition: its number of rows and a fingerprint that does not depend on row order. The rows of a
-- partition are distinct (see sql/checks), so none cancels another in the exclusive or.

with hashed as (
    select
        'articles' as table_name,
        published_on,
        hash(articles) as row_hash,
    from articles
    union all
    select
        'article_versions' as table_name,
        published_on,
        hash(article_versions) as row_hash,
    from article_versions
    union all
    select
        'mentions' as table_name,
        articles.published_on,
        hash(mentions) as row_hash,
    from mentions
    inner join articles on mentions.article_id = articles.article_id
    union all
    select
        'quotes' as table_name,
        articles.published_on,
        hash(quotes) as row_hash,
    from quotes
    inner join articles on quotes.article_id = articles.article_id
    union all
    select
        'quote_speakers' as table_name,
        articles.published_on,
        hash(quote_speakers) as row_hash,
    from quote_speakers
    inner join articles on quote_speakers.article_id = articles.article_id
    union all
    select
        'entities' as table_name,
        null as published_on,
        hash(entities) as row_hash,
    from entities
)

select
    table_name,
    year(published_on) as year,
    month(published_on) as month,
    count(*) as row_count,
    bit_xor(row_hash)::varchar || '-' || sum(row_hash)::varchar as fingerprint,
from hashed
group by table_name, year(published_on), month(published_on)
order by table_name, year, month;
