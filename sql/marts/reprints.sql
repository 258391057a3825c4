-- One row per story that was printed more than once: near duplicates, the same words or the same file.

create or replace view mart.reprints as
with originals as (
    select duplicate_of
    from main.articles
    where duplicate_of is not null
),

copies as (
    select
        article_id,
        count(*) as file_count,
    from ops.deliveries
    where is_current and status = 'duplicate'
    group by article_id
),

printed as (
    select
        coalesce(articles.cluster_id, articles.duplicate_of, articles.article_id) as story_id,
        articles.article_id,
        articles.published_at,
        articles.published_on,
        articles.title,
        articles.section,
        articles.source_path,
        coalesce(copies.file_count, 0) as file_count,
    from main.articles
    left join copies on articles.article_id = copies.article_id
    where
        articles.cluster_id is not null
        or articles.duplicate_of is not null
        or copies.file_count is not null
        or articles.article_id in (select duplicate_of from originals)
)

select
    story_id,
    arg_min(article_id, (published_at, article_id)) as first_article_id,
    arg_min(title, (published_at, article_id)) as title,
    min(published_on) as first_on,
    max(published_on) as last_on,
    count(*) as article_count,
    sum(file_count)::bigint as same_file_count,
    list_sort(list_distinct(list(section))) as sections,
    list_sort(list(source_path)) as source_paths,
from printed
group by story_id
having count(*) + sum(file_count) > 1;

comment on view mart.reprints is 'One row per story that was printed more than once: near duplicates, the same words or the same file.';
comment on column mart.reprints.story_id is 'The cluster_id of its articles, or the article_id of the first.';
comment on column mart.reprints.first_article_id is 'The article that was published first.';
comment on column mart.reprints.title is 'Headline of the first article.';
comment on column mart.reprints.first_on is 'Day of the first article.';
comment on column mart.reprints.last_on is 'Day of the last article.';
comment on column mart.reprints.article_count is 'Number of articles.';
comment on column mart.reprints.same_file_count is 'Number of further files with identical bytes, which were not loaded.';
comment on column mart.reprints.sections is 'Sections of the articles, sorted.';
comment on column mart.reprints.source_paths is 'Paths of the articles, sorted.';
