-- Articles with the words or others of their stems, best first (BM25): from search_articles('peace talks').
-- Okapi BM25 with k1 = 1.2 and b = 0.75, the usual values (Robertson and Zaragoza, 2009); headline and body are one text.

create or replace macro search_articles(words, top := 20) as table
    with stems as (
        select stem
        from stems_of(words)
    ),

    listed as (
        select
            postings.stem,
            unnest(postings.doc_nos) as doc_no,
            unnest(postings.counts) as times,
        from search.postings
        where postings.stem in (select stem from stems)
    ),

    found as (
        select
            listed.stem,
            listed.times,
            indexed.article_id,
            indexed.word_count,
        from listed
        inner join search.articles as indexed on listed.doc_no = indexed.doc_no
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

    -- All words of these stems: search.words holds letters and digits only, so they need no escape.
    meant as (
        select
            '(?i)\b('
            || string_agg(known.word, '|' order by length(known.word) desc, known.word)
            || ')\b' as pattern,
        from search.words as known
        where known.stem in (select stem from stems)
    ),

    shown as (
        select
            ranked.article_id,
            ranked.score,
            articles.published_on,
            articles.section,
            articles.title,
            articles.source_path,
            articles.body,
            meant.pattern,
            regexp_extract(
                articles.body, '(\S+\s+){0,8}\S*' || meant.pattern || '\S*(\s+\S+){0,12}'
            ) as around,
        from ranked
        inner join articles on ranked.article_id = articles.article_id
        cross join meant
    )

    select
        round(score, 2) as score,
        published_on,
        section,
        title,
        regexp_replace(
            replace(if(around = '', left(body, 100), around), chr(10), ' '), pattern, '**\1**', 'g'
        ) as snippet,
        article_id,
        source_path,
    from shown
    order by score desc, article_id;

comment on macro table search_articles is 'Articles with the words or others of their stems, best first (BM25), with the first place of them. words: what to look for; top: how many articles, 20 where nothing is said.';
