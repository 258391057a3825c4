-- Articles with words of the same stems, best first (BM25): from search_articles('peace talks').
-- Okapi BM25 with k1 = 1.2 and b = 0.75, the usual values (Robertson and Zaragoza, 2009). Headline and body
-- count as one text.

create or replace macro search_articles(words, top := 20) as table
    with stems as (
        select stem
        from stems_of(words)
    ),

    posted as (
        select
            postings.stem,
            unnest(postings.doc_nos) as doc_no,
            unnest(postings.counts) as times,
        from search.postings
        where postings.stem in (select stem from stems)
    ),

    found as (
        select
            posted.stem,
            posted.times,
            indexed.article_id,
            indexed.word_count,
        from posted
        inner join search.articles as indexed on posted.doc_no = indexed.doc_no
    ),

    weights as (
        select
            stem,
            ln(1 + ((select count(*) from search.articles) - count(*) + 0.5) / (count(*) + 0.5)) as weight,
        from found
        group by stem
    ),

    ranked as (
        select
            found.article_id,
            sum(
                weights.weight * found.times * 2.2
                / (
                    found.times
                    + 1.2 * (0.25 + 0.75 * found.word_count / (select avg(word_count) from search.articles))
                )
            ) as score,
        from found
        inner join weights on found.stem = weights.stem
        group by found.article_id
        order by score desc, found.article_id
        limit top
    ),

    -- A pattern of all words with these stems. search.words has only letters and digits, so they need no escaping.
    patterns as (
        select
            '(?i)\b('
            || string_agg(known.word, '|' order by length(known.word) desc, known.word)
            || ')\b' as pattern,
        from search.words as known
        where known.stem in (select stem from stems)
    ),

    with_context as (
        select
            ranked.article_id,
            ranked.score,
            articles.published_on,
            articles.section,
            articles.title,
            articles.outlet,
            articles.source_path,
            articles.url,
            articles.body,
            patterns.pattern,
            regexp_extract(
                articles.body, '(\S+\s+){0,8}\S*' || patterns.pattern || '\S*(\s+\S+){0,12}'
            ) as context,
        from ranked
        inner join articles on ranked.article_id = articles.article_id
        cross join patterns
    )

    select
        round(score, 2) as score,
        published_on,
        section,
        title,
        outlet,
        regexp_replace(
            replace(if(context = '', left(body, 100), context), chr(10), ' '), pattern, '**\1**', 'g'
        ) as snippet,
        article_id,
        source_path,
        url,
    from with_context
    order by score desc, article_id;

comment on macro table search_articles is 'Articles with words of the same stems, best first (BM25), with a snippet. words: the words to search for; top: the maximum number of articles, by default 20.';
