-- Quotes that mention an entity, newest first: from quotes_about('syria').

-- Materialized steps fix the order of execution: ids and offsets first, texts only for the rows in the result.
-- A step that is read for its ids is read with a condition that always holds (`hash(…) is not null`): DuckDB tests ids
-- while it scans a table only if what they come from has a condition. One such test lets one row in 200 through, so
-- nearly every block of texts would be read; two, of rows and of articles, let through what is asked for.
create or replace macro quotes_about(what) as table
    with matches as materialized (
        select entity_id
        from entities_named(what)
    ),

    found_mentions as materialized (
        select
            mentions.rowid as mention_rowid,
            mentions.article_id,
            mentions.char_start,
        from mentions
        where
            mentions.field = 'body'
            and mentions.entity_id in (
                select given.entity_id from matches as given where hash(given.entity_id) is not null
            )
    ),

    candidates as materialized (
        select
            quotes.rowid as quote_rowid,
            quotes.article_id,
            quotes.char_start,
            quotes.char_end,
        from quotes
        where
            quotes.article_id in (
                select given.article_id from found_mentions as given where hash(given.article_id) is not null
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
    order by articles.published_on desc, with_names.article_id, with_names.quote_no;

comment on macro table quotes_about is 'Quotes that mention an entity, newest first. what: a name or part of it.';
