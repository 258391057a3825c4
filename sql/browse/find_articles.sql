-- Articles that are meant by an id, a path, a URL, a headline or words of one: those that match in the first of these ways.

with wanted as (
    select
        trim($wanted) as as_given,
        folded($wanted) as words,
        list_filter(string_split(trim(folded($wanted)), ' '), lambda word: word != '') as single_words,
),

titled as (
    select
        articles.article_id,
        articles.published_at,
        articles.published_on,
        articles.outlet,
        articles.title,
        articles.source_path,
        articles.url,
        folded(articles.title) as title_words,
    from articles
),

found as (
    select
        titled.article_id,
        titled.published_at,
        titled.published_on,
        titled.outlet,
        titled.title,
        titled.source_path,
        case
            -- Up to migration 14, ids had ten bits more at their end.
            when
                titled.article_id in (
                    try_cast(wanted.as_given as bigint), try_cast(wanted.as_given as bigint) >> 10
                )
                then 1
            when titled.source_path = wanted.as_given then 2
            when rtrim(titled.url, '/') = rtrim(wanted.as_given, '/') then 3
            when titled.title_words = wanted.words then 4
            when
                len(wanted.single_words) > 0
                and list_bool_and(
                    list_transform(
                        wanted.single_words,
                        lambda word: contains(titled.title_words, ' ' || word || ' ')
                    )
                )
                then 5
        end as way,
    from titled
    cross join wanted
)

select
    article_id,
    published_on,
    outlet,
    title,
    source_path,
from found
where way is not null
qualify way = min(way) over ()
order by published_at desc, article_id
