-- Insert new articles, and replace the current version of changed ones. An article with the words of an earlier one
-- under another path is marked as a duplicate; one with its headline and date gets a warning. An article is earlier if
-- it was loaded before, or comes first in the same batch in the order of discovery. Of those with the same headline
-- and date, the shorter is the earlier one: an agency's update keeps both and adds text.

merge into articles
using (
    with batch as (
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
            ) as list_order,
        from staged_articles
    ),

    candidates as (
        select
            articles.article_id,
            articles.duplicate_of,
            articles.text_sha256,
            lower(articles.title) as title,
            articles.published_at,
            articles.word_count,
            null as list_order,
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
            list_order,
        from batch
    ),

    same_words as (
        select
            batch.article_id,
            first(
                coalesce(candidates.duplicate_of, candidates.article_id)
                order by candidates.list_order nulls first, candidates.article_id
            ) as duplicate_of,
        from batch
        inner join candidates
            on batch.text_sha256 = candidates.text_sha256
            and (candidates.list_order is null or candidates.list_order < batch.list_order)
        group by batch.article_id
    ),

    same_headline as (
        select distinct batch.article_id
        from batch
        inner join candidates
            on batch.title = candidates.title
            and batch.published_at = candidates.published_at
            and (
                candidates.list_order is null
                or (candidates.word_count, candidates.list_order) < (batch.word_count, batch.list_order)
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
