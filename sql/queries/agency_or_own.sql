-- How do agency texts differ from the paper's own in length and quotes?

with texts as (
    select
        coalesce(agency, 'no agency') as signed_by,
        sum(article_count)::bigint as articles,
        sum(word_count)::bigint as words,
        sum(quote_count)::bigint as quotes,
    from mart.daily_articles
    group by signed_by
)

select
    signed_by,
    articles,
    round(words / articles)::integer as words_each,
    round(quotes / articles, 1) as quotes_each,
    round(1000 * quotes / words, 1) as per_1000_words,
from texts
order by articles desc, signed_by
limit 10;
