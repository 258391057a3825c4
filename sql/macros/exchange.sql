-- What two said of each other, oldest first: from exchange('kerry', 'lavrov').

create or replace macro exchange(one, another) as table
    with meant as (
        select
            names.entity_id,
            bool_or(contains(names.form, folded(one))) as is_one,
            bool_or(contains(names.form, folded(another))) as is_another,
        from mart.names
        where contains(names.form, folded(one)) or contains(names.form, folded(another))
        group by names.entity_id
    ),

    said as (
        select
            quotes.*,
            meant.is_one,
            meant.is_another,
        from quotes
        inner join meant on quotes.speaker_entity_id = meant.entity_id
    ),

    on_each_other as (
        select
            said.* exclude (is_one, is_another),
            first(mentions.text order by mentions.char_start) as named_as,
        from said
        inner join mentions
            on
                said.article_id = mentions.article_id
                and mentions.char_start between said.char_start and said.char_end - 1
        inner join meant on mentions.entity_id = meant.entity_id
        where
            mentions.field = 'body'
            and mentions.entity_id != said.speaker_entity_id
            and ((said.is_one and meant.is_another) or (said.is_another and meant.is_one))
        group by all
    )

    select
        articles.published_on,
        on_each_other.speaker,
        on_each_other.text,
        on_each_other.named_as,
        on_each_other.kind,
        on_each_other.confidence,
        articles.title,
        on_each_other.article_id,
        on_each_other.quote_no,
    from on_each_other
    inner join articles on on_each_other.article_id = articles.article_id
    order by articles.published_on, on_each_other.article_id, on_each_other.quote_no;

comment on macro table exchange is 'What two said of each other, oldest first.';
