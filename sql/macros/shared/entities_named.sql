-- Entities with a form of the name that contains the words: from entities_named('kerry').

create or replace macro entities_named(who) as table
    select
        entity_id,
        name,
        kind,
        aliases,
        first_seen_on,
        last_seen_on,
    from entities
    where entity_id in (
        select names.entity_id
        from mart.names
        where contains(names.form, folded(who))
    );

comment on macro table entities_named is 'Entities with a form of the name that contains the words. who: a name or part of it.';
