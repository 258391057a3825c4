-- One mention and one quote per number of an article.

with numbered as (
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
)

select
    numbered.of_table,
    numbered.article_id,
    numbered.number,
    count(*) as times,
from numbered
semi join checking on numbered.article_id = checking.article_id
group by numbered.of_table, numbered.article_id, numbered.number
having times > 1
