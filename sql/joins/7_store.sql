-- Replace the joins of the compared surnames by `found_joins`.

delete from entity_joins
where surname_of(name) in (
    select surname_of(coalesce(aliases.name, dirty_names.name))
    from ops.dirty_names
    left join ops.aliases on lower(dirty_names.name) = aliases.alias
);

insert into entity_joins
select * from found_joins
order by name;

delete from ops.dirty_names;

drop table if exists compared_entities;
drop table if exists sampled_articles;
drop table if exists sampled_mentions;
drop table if exists named_in;
