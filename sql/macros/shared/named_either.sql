-- Entities that match one or the other name: from named_either('kerry', 'lavrov').

create or replace macro named_either(one, another) as table
    select
        names.entity_id,
        bool_or(contains(names.form, folded(one))) as is_one,
        bool_or(contains(names.form, folded(another))) as is_another,
    from mart.names
    where contains(names.form, folded(one)) or contains(names.form, folded(another))
    group by names.entity_id;

comment on macro table named_either is 'Entities that match one or the other name. one, another: a name or part of it.';
