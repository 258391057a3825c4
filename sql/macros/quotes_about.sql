-- Quotes that name somebody or something, newest first: from quotes_about('syria').

create or replace macro quotes_about(what) as table
    with named as (
        select
            mentions.article_id,
            mentions.char_start,
            mentions.text as named_as,
        from mentions
        where
            mentions.field = 'body'
            and mentions.entity_id in (
                select names.entity_id
                from mart.names
                where contains(names.form, folded(what))
            )
    ),

    said as (
        select
            quotes.article_id,
            quotes.quote_no,
            arg_min(named.named_as, named.char_start) as named_as,
        from quotes
        inner join named
            on
                quotes.article_id = named.article_id
                and named.char_start between quotes.char_start and quotes.char_end - 1
        group by quotes.article_id, quotes.quote_no
    )

    select
        articles.published_on,
        quotes.speaker,
        quotes.text,
        said.named_as,
        quotes.kind,
        quotes.confidence,
        articles.title,
        quotes.article_id,
        quotes.quote_no,
    from said
    inner join quotes
        on
            said.article_id = quotes.article_id
            and said.quote_no = quotes.quote_no
    inner join articles on said.article_id = articles.article_id
    order by articles.published_on desc, quotes.article_id, quotes.quote_no;

comment on macro table quotes_about is 'Quotes that name somebody or something, newest first.';
