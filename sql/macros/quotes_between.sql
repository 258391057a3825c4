-- What two said of each other, oldest first: from quotes_between('kerry', 'lavrov').

-- Steps that are made once ("materialized") keep the order: numbers first, words only of the rows that are asked for.
create or replace macro quotes_between(one, another) as table
    with meant as materialized (
        select *
        from named_either(one, another)
    ),

    spoken as materialized (
        select
            quotes.rowid as place,
            quotes.article_id,
            quotes.char_start,
            quotes.char_end,
            quotes.speaker_entity_id,
            meant.is_one,
            meant.is_another,
        from quotes
        inner join meant on quotes.speaker_entity_id = meant.entity_id
    ),

    named as materialized (
        select
            mentions.rowid as mention_place,
            mentions.article_id,
            mentions.char_start,
            mentions.entity_id,
            meant.is_one,
            meant.is_another,
        from mentions
        inner join meant on mentions.entity_id = meant.entity_id
        where mentions.field = 'body'
    ),

    hits as materialized (
        select
            spoken.place,
            arg_min(named.mention_place, named.char_start) as mention_place,
        from spoken
        inner join named
            on
                spoken.article_id = named.article_id
                and named.char_start between spoken.char_start and spoken.char_end - 1
        where
            named.entity_id != spoken.speaker_entity_id
            and ((spoken.is_one and named.is_another) or (spoken.is_another and named.is_one))
        group by spoken.place
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
    order by articles.published_on, worded.article_id, worded.quote_no;

comment on macro table quotes_between is 'What two said of each other, oldest first. one, another: words of a name.';
