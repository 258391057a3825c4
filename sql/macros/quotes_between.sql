-- What two people or organizations said about each other, oldest first: from quotes_between('kerry', 'lavrov').

-- Materialized steps fix the order of execution: ids and offsets first, texts only for the rows in the result.
-- A step that is read for its ids is read with a condition that always holds (`hash(…) is not null`): DuckDB tests ids
-- while it scans a table only if what they come from has a condition. One such test lets one row in 200 through, so
-- nearly every block of texts would be read; two, of rows and of articles, let through what is asked for.
create or replace macro quotes_between(one, another) as table
    with matches as materialized (
        select *
        from named_either(one, another)
    ),

    spoken as materialized (
        select
            quote_speakers.article_id,
            quote_speakers.quote_no,
            quote_speakers.speaker_entity_id,
            matches.is_one,
            matches.is_another,
        from quote_speakers
        inner join matches on quote_speakers.speaker_entity_id = matches.entity_id
        where
            quote_speakers.speaker_entity_id in (
                select given.entity_id from matches as given where hash(given.entity_id) is not null
            )
    ),

    candidates as materialized (
        select
            quotes.rowid as quote_rowid,
            quotes.article_id,
            quotes.char_start,
            quotes.char_end,
            spoken.speaker_entity_id,
            spoken.is_one,
            spoken.is_another,
        from quotes
        inner join spoken on quotes.article_id = spoken.article_id and quotes.quote_no = spoken.quote_no
        where
            quotes.article_id in (
                select given.article_id from spoken as given where hash(given.article_id) is not null
            )
    ),

    found_mentions as materialized (
        select
            mentions.rowid as mention_rowid,
            mentions.article_id,
            mentions.char_start,
            mentions.entity_id,
            matches.is_one,
            matches.is_another,
        from mentions
        inner join matches on mentions.entity_id = matches.entity_id
        where
            mentions.field = 'body'
            and mentions.entity_id in (
                select given.entity_id from matches as given where hash(given.entity_id) is not null
            )
    ),

    hits as materialized (
        select
            candidates.quote_rowid,
            any_value(candidates.article_id) as article_id,
            arg_min(found_mentions.mention_rowid, found_mentions.char_start) as mention_rowid,
        from candidates
        inner join found_mentions
            on
                candidates.article_id = found_mentions.article_id
                and found_mentions.char_start between candidates.char_start and candidates.char_end - 1
        where
            found_mentions.entity_id != candidates.speaker_entity_id
            and (
                (candidates.is_one and found_mentions.is_another)
                or (candidates.is_another and found_mentions.is_one)
            )
        group by candidates.quote_rowid
    ),

    found_quotes as materialized (
        select
            quotes.*,
            hits.mention_rowid,
        from quotes
        inner join hits on quotes.rowid = hits.quote_rowid
        where
            quotes.rowid in (
                select given.quote_rowid from hits as given where hash(given.quote_rowid) is not null
            )
            and quotes.article_id in (
                select given.article_id from hits as given where hash(given.article_id) is not null
            )
    ),

    with_names as materialized (
        select
            found_quotes.*,
            mentions.text as named_as,
        from mentions
        inner join found_quotes on mentions.rowid = found_quotes.mention_rowid
        where
            mentions.rowid in (
                select given.mention_rowid from hits as given where hash(given.mention_rowid) is not null
            )
            and mentions.article_id in (
                select given.article_id from hits as given where hash(given.article_id) is not null
            )
    )

    select
        articles.published_on,
        with_names.speaker,
        with_names.text,
        with_names.speaker_role,
        with_names.named_as,
        with_names.kind,
        with_names.confidence,
        articles.title,
        articles.outlet,
        with_names.article_id,
        with_names.quote_no,
        articles.url,
    from with_names
    inner join articles on with_names.article_id = articles.article_id
    where
        articles.article_id in (
            select given.article_id from hits as given where hash(given.article_id) is not null
        )
    order by articles.published_on, with_names.article_id, with_names.quote_no;

comment on macro table quotes_between is 'Quotes in which two people or organizations mention each other, oldest first; joint quotes and acts (blamed) too. one, another: a name or part of it.';
