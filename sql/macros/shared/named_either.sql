-- Entities that match one or the other name: from named_either('kerry', 'lavrov').

create or replace macro named_either(one, another) as table
    with matches as (
        select
            entity_id,
            true as is_one,
            false as is_another,
        from entities_named(one)
        union all
        select
            entity_id,
            false as is_one,
            true as is_another,
        from entities_named(another)
    )

    select
        entity_id,
        bool_or(is_one) as is_one,
        bool_or(is_another) as is_another,
    from matches
    group by entity_id;

comment on macro table named_either is 'Entities that match one or the other name. one, another: a name or part of it.';
