-- Each number of an article has one mention and one quote.

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
    count(*) as times,
from numbered
semi join slice_articles on numbered.article_id = slice_articles.article_id
group by numbered.table_name, numbered.article_id, numbered.number
having times > 1
