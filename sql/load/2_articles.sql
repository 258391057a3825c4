-- Articles: a new one, or the next version in place of the last. An article that has the words, or
-- the headline and date, of another path's is marked. The earlier one is the one loaded before, or in
-- the same batch the one that discover lists first (see there), and of those with the same headline
-- the shorter: an agency's update keeps headline and date and adds to the text.

merge into articles
using (
    with arrived as (
        select
            article_id,
            text_sha256,
            lower(title) as title,
            published_at,
            word_count,
            (
                parse_dirpath(source_path, 'forward_slash'),
                length(parse_filename(source_path, false, 'forward_slash')),
                source_path
            ) as place,
        from staged_articles
    ),

    others as (
        select
            articles.article_id,
            articles.duplicate_of,
            articles.text_sha256,
            lower(articles.title) as title,
            articles.published_at,
            articles.word_count,
            null as place,
        from articles
        anti join staged_articles on articles.article_id = staged_articles.article_id
        union all
        select
            article_id,
            null as duplicate_of,
            text_sha256,
            title,
            published_at,
            word_count,
            place,
        from arrived
    ),

    same_words as (
        select
            arrived.article_id,
            first(
                coalesce(others.duplicate_of, others.article_id)
                order by others.place nulls first, others.article_id
            ) as duplicate_of,
        from arrived
        inner join others
            on arrived.text_sha256 = others.text_sha256
            and (others.place is null or others.place < arrived.place)
        group by arrived.article_id
    ),

    same_headline as (
        select distinct arrived.article_id
        from arrived
        inner join others
            on arrived.title = others.title
            and arrived.published_at = others.published_at
            and (
                others.place is null
                or (others.word_count, others.place) < (arrived.word_count, arrived.place)
            )
    ),

    marked as (
        select
            staged_articles.article_id,
            same_words.duplicate_of,
            list_sort(list_distinct(list_concat(
                staged_articles.warnings,
                if(same_words.article_id is not null, ['same_words'], []),
                if(same_headline.article_id is not null, ['same_headline_and_date'], [])
            ))) as warnings,
        from staged_articles
        left join same_words on staged_articles.article_id = same_words.article_id
        left join same_headline on staged_articles.article_id = same_headline.article_id
    )

    select
        staged_articles.* replace (
            coalesce(articles.version, 0) + 1 as version,
            marked.duplicate_of as duplicate_of,
            marked.warnings as warnings
        ),
    from staged_articles
    inner join marked on staged_articles.article_id = marked.article_id
    left join articles on staged_articles.article_id = articles.article_id
) as incoming
on articles.article_id = incoming.article_id
when matched then update
when not matched then insert;
