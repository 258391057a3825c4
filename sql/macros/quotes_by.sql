-- Quotes of everybody whose name holds the words, newest first: from quotes_by('kerry').

-- Steps that are made once ("materialized") keep the order: numbers first, words only of the rows that are asked for.
create or replace macro quotes_by(who) as table
    with meant as materialized (
        select entity_id
        from entities_named(who)
    ),

    found as materialized (
        select quotes.rowid as place
        from quotes
        where quotes.speaker_entity_id in (select entity_id from meant)
        union all
        select quotes.rowid as place
        from quotes
        where
            quotes.speaker_entity_id is null
            and contains(lower(quotes.speaker), trim(folded(who)))
            and contains(folded(quotes.speaker), folded(who))
    ),

    said as materialized (
        select quotes.*
        from quotes
        where quotes.rowid in (select place from found)
    )

    select
        articles.published_on,
        said.speaker,
        said.text,
        said.kind,
        said.confidence,
        articles.title,
        said.article_id,
        said.quote_no,
    from said
    inner join articles on said.article_id = articles.article_id
    order by articles.published_on desc, said.article_id, said.quote_no;

comment on macro table quotes_by is 'Quotes of everybody whose name holds the words, newest first; also of sources without a name (officials). who: words of a name.';
