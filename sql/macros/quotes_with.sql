-- Quotes that hold the words, in this order, whatever case and accents, newest first: from quotes_with('ceasefire').

create or replace macro quotes_with(words) as table
    -- The search index leaves few articles to look into.
    with stems as (
        select stem
        from stems_of(words)
    ),

    listed as (
        select
            postings.stem,
            unnest(postings.doc_nos) as doc_no,
        from search.postings
        where postings.stem in (select stem from stems)
    ),

    holding as (
        select doc_no
        from listed
        group by doc_no
        having count(distinct stem) = (select count(*) from stems)
    ),

    articles_asked as materialized (
        select indexed.article_id
        from search.articles as indexed
        inner join holding on indexed.doc_no = holding.doc_no
    ),

    -- A filter is not moved across a limit: the pattern is for quotes of these articles only.
    candidates as (
        select
            quotes.rowid as place,
            quotes.text,
        from quotes
        where quotes.article_id in (select article_id from articles_asked)
        limit 1000000000  -- noqa: AM09
    ),

    hits as materialized (
        select candidates.place
        from candidates
        -- Folding the words of all these quotes is dear, so the accents go into the pattern instead.
        where
            regexp_matches(
                candidates.text,
                '(?i)(^|[^\p{L}\p{N}])'
                || replace(
                    list_reduce(  -- noqa: LT01
                        [
                            trim(folded(words)),
                            'aàáâãäåāă', 'cçćč', 'eèéêëēěę', 'gğ', 'iìíîïī', 'lł', 'nñńň', 'oòóôõöøō', 'sşšś',
                            'uùúûüūů', 'yýÿ', 'zžźż'
                        ],
                        lambda so_far, forms: regexp_replace(so_far, forms[1], '[' || forms || ']', 'g')
                    ),
                    ' ',
                    '[^\p{L}\p{N}]+'
                )
                || '($|[^\p{L}\p{N}])'
            )
    )

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
    inner join hits on quotes.rowid = hits.place
    inner join articles on quotes.article_id = articles.article_id
    order by articles.published_on desc, quotes.article_id, quotes.quote_no;

comment on macro table quotes_with is 'Quotes that hold the words, in this order, whatever case and accents, newest first. words: one word or several.';
