-- All entities.

select *
from entities
order by entity_id
