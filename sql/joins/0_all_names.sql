-- Queue all names of people.

insert into ops.dirty_names
select distinct name
from mentions
where kind = 'person';
