-- Mark the affected days for the marts, and count the change for publish.

insert into ops.dirty_days
select published_on
from changed_days;

drop table changed_days;
drop table moved_mentions;
drop table renamed_unnamed;
drop table staged_quote_speakers;
drop table staged_mentions;
drop table staged_entities;
update ops.warehouse set change_no = change_no + 1;
