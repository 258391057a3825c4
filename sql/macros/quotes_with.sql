-- Quotes that hold the words, in this order, whatever case and accents, newest first: from quotes_with('ceasefire').

create or replace macro quotes_with(words) as table
    with asked as (
        select distinct unnest(regexp_extract_all(lower(strip_accents(words)), '[\p{L}\p{N}]+')) as word
    ),

    -- The search index leaves few articles to look into.
    stems as (
        select distinct coalesce(known.stem, asked.word) as stem
        from asked
        left join search.words as known on asked.word = known.word
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

    -- Folding is dear, so it comes when the articles are known: a filter is not moved across a limit.
    candidates as (
        select quotes.*
        from quotes
        inner join search.articles as indexed on quotes.article_id = indexed.article_id
        inner join holding on indexed.doc_no = holding.doc_no
        limit 1000000000  -- noqa: AM09
    )

    select
        articles.published_on,
        candidates.speaker,
        candidates.text,
        candidates.kind,
        candidates.confidence,
        articles.title,
        candidates.article_id,
        candidates.quote_no,
    from candidates
    inner join articles on candidates.article_id = articles.article_id
    where contains(folded(candidates.text), folded(words))
    order by articles.published_on desc, candidates.article_id, candidates.quote_no;

comment on macro table quotes_with is 'Quotes that hold the words, in this order, whatever case and accents, newest first. words: one word or several.';
