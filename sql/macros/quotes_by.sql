-- Quotes of everybody whose name holds the words, newest first: from quotes_by('kerry').

create or replace macro quotes_by(who) as table
    select
        articles.published_on,
        quotes.speaker,
        quotes.text,
        quotes.kind,
        quotes.confidence,
        articles.title,
        quotes.article_id,
        quotes.quote_no,
    from quotes
    inner join articles on quotes.article_id = articles.article_id
    where
        quotes.speaker_entity_id in (
            select names.entity_id
            from mart.names
            where contains(names.form, folded(who))
        )
        or (
            quotes.speaker_entity_id is null
            and contains(lower(quotes.speaker), trim(folded(who)))
            and contains(folded(quotes.speaker), folded(who))
        )
    order by articles.published_on desc, quotes.article_id, quotes.quote_no;

comment on macro table quotes_by is 'Quotes of everybody whose name holds the words, newest first; also of sources without a name (officials).';
