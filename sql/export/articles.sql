-- Articles of the wanted months, in the order of months.

select articles.*
from articles
inner join wanted
    on
        year(articles.published_on) = wanted.year
        and month(articles.published_on) = wanted.month
order by
    year(articles.published_on),
    month(articles.published_on),
    articles.article_id
