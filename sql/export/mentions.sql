-- Mentions in articles of the wanted months, in the order of months.

select mentions.*
from mentions
inner join articles on mentions.article_id = articles.article_id
inner join wanted
    on
        year(articles.published_on) = wanted.year
        and month(articles.published_on) = wanted.month
order by
    year(articles.published_on),
    month(articles.published_on),
    mentions.article_id,
    mentions.mention_no
