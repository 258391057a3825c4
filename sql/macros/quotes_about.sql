-- Quotes that name somebody or something, newest first: from quotes_about('syria').

-- Steps that are made once ("materialized") keep the order: numbers first, words only of the rows that are asked for.
create or replace macro quotes_about(what) as table
    with meant as materialized (
        select entity_id
        from entities_named(what)
    ),

    named as materialized (
        select
            mentions.rowid as mention_place,
            mentions.article_id,
            mentions.char_start,
        from mentions
        where
            mentions.field = 'body'
            and mentions.entity_id in (select entity_id from meant)
    ),

    near as materialized (
        select
            quotes.rowid as place,
            quotes.article_id,
            quotes.char_start,
            quotes.char_end,
        from quotes
        where quotes.article_id in (select article_id from named)
    ),

    hits as materialized (
        select
            near.place,
            arg_min(named.mention_place, named.char_start) as mention_place,
        from near
        inner join named
            on
                near.article_id = named.article_id
                and named.char_start between near.char_start and near.char_end - 1
        group by near.place
    ),

    said as materialized (
        select
            quotes.*,
            hits.mention_place,
        from quotes
        inner join hits on quotes.rowid = hits.place
    ),

    worded as materialized (
        select
            said.*,
            mentions.text as named_as,
        from mentions
        inner join said on mentions.rowid = said.mention_place
    )

    select
        articles.published_on,
        worded.speaker,
        worded.text,
        worded.named_as,
        worded.kind,
        worded.confidence,
        articles.title,
        worded.article_id,
        worded.quote_no,
    from worded
    inner join articles on worded.article_id = articles.article_id
    order by articles.published_on desc, worded.article_id, worded.quote_no;

comment on macro table quotes_about is 'Quotes that name somebody or something, newest first. what: words of the name.';
