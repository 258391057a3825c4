-- Quotes of all speakers whose name contains the words, newest first: from quotes_by('kerry').

-- Materialized steps fix the order of execution: ids and offsets first, texts only for the rows in the result.
-- A step that is read for its ids is read with a condition that always holds (`hash(…) is not null`): DuckDB tests ids
-- while it scans a table only if what they come from has a condition. One such test lets one row in 200 through, so
-- nearly every block of texts would be read; two, of rows and of articles, let through what is asked for.
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
        where
            quote_speakers.speaker_entity_id in (
                select given.entity_id from matches as given where hash(given.entity_id) is not null
            )
        union
        select
            quote_speakers.article_id,
            quote_speakers.quote_no,
        from quote_speakers
        where
            quote_speakers.speaker_entity_id is null
            -- Normalizing is slow: speakers without accents must hold the longest of the words as it is.
            and (
                strlen(quote_speakers.speaker) != length(quote_speakers.speaker)
                or contains(
                    lower(quote_speakers.speaker),
                    list_reduce(  -- noqa: LT01
                        string_split(trim(folded(who)), ' '),
                        lambda longest, word: if(length(word) > length(longest), word, longest)
                    )
                )
            )
            and contains(folded(quote_speakers.speaker), folded(who))
    ),

    hits as materialized (
        select
            quotes.rowid as quote_rowid,
            quotes.article_id,
        from quotes
        inner join spoken on quotes.article_id = spoken.article_id and quotes.quote_no = spoken.quote_no
        where
            quotes.article_id in (
                select given.article_id from spoken as given where hash(given.article_id) is not null
            )
    ),

    found_quotes as materialized (
        select quotes.*
        from quotes
        where
            quotes.rowid in (
                select given.quote_rowid from hits as given where hash(given.quote_rowid) is not null
            )
            and quotes.article_id in (
                select given.article_id from hits as given where hash(given.article_id) is not null
            )
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
