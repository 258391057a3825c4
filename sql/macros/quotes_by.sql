-- Quotes of all speakers whose name contains the words, newest first: from quotes_by('kerry').

-- Materialized steps fix the order of execution: ids and offsets first, texts only for the rows in the result.
create or replace macro quotes_by(who) as table
    with matches as materialized (
        select entity_id
        from entities_named(who)
    ),

    spoken as materialized (
        select
            quote_speakers.article_id,
            quote_speakers.quote_no,
        from quote_speakers
        where quote_speakers.speaker_entity_id in (select entity_id from matches)
        union
        select
            quote_speakers.article_id,
            quote_speakers.quote_no,
        from quote_speakers
        where
            quote_speakers.speaker_entity_id is null
            and contains(lower(quote_speakers.speaker), trim(folded(who)))
            and contains(folded(quote_speakers.speaker), folded(who))
    ),

    hits as materialized (
        select quotes.rowid as quote_rowid
        from quotes
        inner join spoken on quotes.article_id = spoken.article_id and quotes.quote_no = spoken.quote_no
    ),

    found_quotes as materialized (
        select quotes.*
        from quotes
        where quotes.rowid in (select quote_rowid from hits)
    )

    select
        articles.published_on,
        found_quotes.speaker,
        found_quotes.text,
        found_quotes.speaker_role,
        found_quotes.kind,
        found_quotes.confidence,
        articles.title,
        articles.outlet,
        found_quotes.article_id,
        found_quotes.quote_no,
        articles.url,
    from found_quotes
    inner join articles on found_quotes.article_id = articles.article_id
    order by articles.published_on desc, found_quotes.article_id, found_quotes.quote_no;

comment on macro table quotes_by is 'Quotes of all speakers whose name contains the words, newest first; unnamed sources (officials), joint quotes and acts too. who: a name or part of it.';
