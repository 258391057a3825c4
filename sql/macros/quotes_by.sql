-- Quotes of everybody whose name holds the words, newest first: from quotes_by('kerry').

create or replace macro quotes_by(who) as table
    select
        articles.published_on,
        quotes.speaker,
        quotes.text,
        quotes.kind,
        quotes.confidence,
        articles.title,
        articles.article_id,
    from quotes
    inner join articles on quotes.article_id = articles.article_id
    where contains(lower(strip_accents(quotes.speaker)), lower(strip_accents(who)))
    order by articles.published_on desc, quotes.article_id, quotes.quote_no;

comment on macro table quotes_by is 'Quotes of everybody whose name holds the words, newest first.';
