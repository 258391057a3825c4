-- One row: the counts of a warehouse file.

select
    (select change_no from ops.warehouse) as change_no,
    (select max(number) from ops.migrations) as migration,
    (select count(*) from articles) as article_count,
    (select count(*) from ops.runs where state = 'running') as running_count
