-- No row of an article that is not there.

select
    named.of_table,
    named.article_id,
    named.number,
from (
    select
        'mentions' as of_table,
        article_id,
        mention_no as number,
    from mentions
    union all
    select
        'quotes' as of_table,
        article_id,
        quote_no as number,
    from quotes
) as named
anti join articles on named.article_id = articles.article_id
