-- Every mention and quote belongs to an article.

with numbered as (
    select
        'mentions' as table_name,
        article_id,
        mention_no as number,
    from mentions
    union all
    select
        'quotes' as table_name,
        article_id,
        quote_no as number,
    from quotes
)

select
    numbered.table_name,
    numbered.article_id,
    numbered.number,
from numbered
anti join articles on numbered.article_id = articles.article_id
