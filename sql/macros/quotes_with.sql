-- Quotes that contain the words in this order, ignoring case and accents, newest first: from quotes_with('ceasefire').

-- A step that is read for its ids is read with a condition that always holds (`hash(…) is not null`): DuckDB tests ids
-- while it scans a table only if what they come from has a condition. One such test lets one row in 200 through, so
-- nearly every block of texts would be read; two, of rows and of articles, let through what is asked for.
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
            quotes.article_id,
            quotes.text,
        from quotes
        where
            quotes.article_id in (
                select given.article_id
                from matching_articles as given
                where hash(given.article_id) is not null
            )
        limit 1000000000  -- noqa: AM09
    ),

    hits as materialized (
        select
            candidates.quote_rowid,
            candidates.article_id,
            candidates.text,
        from candidates
        -- Normalizing all these quotes is slow, so the pattern matches accents instead. It is slow too: a text without
        -- accents must hold the longest of the words as it is.
        where
            (
                strlen(candidates.text) != length(candidates.text)
                or contains(
                    lower(candidates.text),
                    list_reduce(  -- noqa: LT01
                        string_split(trim(folded(words)), ' '),
                        lambda longest, word: if(length(word) > length(longest), word, longest)
                    )
                )
            )
            and regexp_matches(
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
        hits.text,
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
    where
        quotes.rowid in (
            select given.quote_rowid from hits as given where hash(given.quote_rowid) is not null
        )
        and quotes.article_id in (
            select given.article_id from hits as given where hash(given.article_id) is not null
        )
    order by articles.published_on desc, quotes.article_id, quotes.quote_no;

comment on macro table quotes_with is 'Quotes that contain the words in this order, ignoring case and accents, newest first. words: one or more words.';
