-- All articles with words of the same stems and how well they match (BM25), in no order: from ranked_articles('peace').
-- Okapi BM25 with k1 = 1.2 and b = 0.75, the usual values (Robertson and Zaragoza, 2009). Headline and body
-- count as one text.

create or replace macro ranked_articles(words) as table
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
    )

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
    group by found.article_id;

comment on macro table ranked_articles is 'All articles with words of the same stems and how well they match (BM25), in no order. words: the words to search for.';
