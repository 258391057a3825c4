-- The published file lacks this.

drop table staged_entities;
update ops.warehouse set change_no = change_no + 1;
