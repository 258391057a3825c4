-- Quotes that contain the words in this order, ignoring case and accents, newest first: from quotes_with('ceasefire').

create or replace macro quotes_with(words) as table
    -- The search index narrows the articles down.
    with stems as (
        select stem
        from stems_of(words)
    ),

    posted as (
        select
            postings.stem,
            unnest(postings.doc_nos) as doc_no,
        from search.postings
        where postings.stem in (select stem from stems)
    ),

    matching as (
        select doc_no
        from posted
        group by doc_no
        having count(distinct stem) = (select count(*) from stems)
    ),

    matching_articles as materialized (
        select indexed.article_id
        from search.articles as indexed
        inner join matching on indexed.doc_no = matching.doc_no
    ),

    -- The limit is a barrier for the optimizer: the pattern must run on the quotes of these articles only.
    candidates as (
        select
            quotes.rowid as quote_rowid,
            quotes.text,
        from quotes
        where quotes.article_id in (select article_id from matching_articles)
        limit 1000000000  -- noqa: AM09
    ),

    hits as materialized (
        select candidates.quote_rowid
        from candidates
        -- Normalizing all these quotes is slow, so the pattern matches accents instead.
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
                        lambda pattern, forms: regexp_replace(pattern, forms[1], '[' || forms || ']', 'g')
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
        quotes.speaker_role,
        quotes.kind,
        quotes.confidence,
        articles.title,
        articles.outlet,
        quotes.article_id,
        quotes.quote_no,
        articles.url,
    from quotes
    inner join hits on quotes.rowid = hits.quote_rowid
    inner join articles on quotes.article_id = articles.article_id
    order by articles.published_on desc, quotes.article_id, quotes.quote_no;

comment on macro table quotes_with is 'Quotes that contain the words in this order, ignoring case and accents, newest first. words: one or more words.';
