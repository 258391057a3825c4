-- Which sections quote most, relative to their length?

select
    section,
    sum(article_count)::bigint as articles,
    sum(word_count)::bigint as words,
    sum(quote_count)::bigint as quotes,
    round(1000 * sum(quote_count) / sum(word_count), 1) as per_1000_words,
from mart.daily_articles
group by section
order by per_1000_words desc, section
limit 10;
