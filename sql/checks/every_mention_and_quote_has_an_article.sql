-- Every mention, quote and speaker of a quote belongs to an article.

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
    union all
    select
        'quote_speakers' as table_name,
        article_id,
        quote_no as number,
    from quote_speakers
)

select
    numbered.table_name,
    numbered.article_id,
    numbered.number,
from numbered
anti join articles on numbered.article_id = articles.article_id
