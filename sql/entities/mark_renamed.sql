-- Mark the entities for the marts whose name is another since they were staged.

insert into ops.dirty_entities
select entities.entity_id
from entities
inner join names_before on entities.entity_id = names_before.entity_id
where entities.name != names_before.name;

drop table names_before;
