-- A view of the exported SQLite file: each quote with the day, outlet and headline of its article.

create view quotes_in_articles as
select
    articles.published_on,
    articles.outlet,
    articles.section,
    articles.title,
    quotes.speaker,
    quotes.speaker_role,
    quotes.kind,
    quotes.text,
    quotes.confidence,
    quotes.article_id,
    quotes.quote_no,
    articles.url,
    articles.source_path
from quotes
inner join articles on quotes.article_id = articles.article_id;
