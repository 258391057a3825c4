-- Quotes in articles of the wanted months, in the order of months.

select quotes.*
from quotes
inner join articles on quotes.article_id = articles.article_id
inner join wanted
    on
        year(articles.published_on) = wanted.year
        and month(articles.published_on) = wanted.month
order by
    year(articles.published_on),
    month(articles.published_on),
    quotes.article_id,
    quotes.quote_no
