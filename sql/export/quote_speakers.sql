-- Speakers of quotes in articles of the wanted months, in the order of months.

select quote_speakers.*
from quote_speakers
inner join articles on quote_speakers.article_id = articles.article_id
inner join wanted
    on
        year(articles.published_on) = wanted.year
        and month(articles.published_on) = wanted.month
order by
    year(articles.published_on),
    month(articles.published_on),
    quote_speakers.article_id,
    quote_speakers.quote_no,
    quote_speakers.speaker_no
