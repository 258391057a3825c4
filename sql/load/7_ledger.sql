-- The ledger comes last: a file counts as processed once everything else is written.

-- The content of a duplicate is replaced by this batch: the next run must read the duplicate again.
update ops.deliveries
set modified_ns = null
where
    status = 'duplicate'
    and content_sha256 in (
        select replaced.content_sha256
        from ops.deliveries as replaced
        inner join staged_deliveries
            on
                replaced.source_path = staged_deliveries.source_path
                and replaced.article_id = staged_deliveries.article_id
        where
            replaced.status = 'loaded'
            and staged_deliveries.status = 'loaded'
            and replaced.delivery_id != staged_deliveries.delivery_id
    );

-- To find the duplicate again, the file that contains it must be read again.
update ops.deliveries
set modified_ns = null
where
    is_current
    and modified_ns is not null
    and source_path in (
        select file_path
        from ops.deliveries
        where status = 'duplicate' and modified_ns is null and file_path is not null and is_current
    );

-- Another story under a known path leaves the delivery of the earlier one as loaded: its article stays.
update ops.deliveries
set
    is_current = false,
    status = if(
        deliveries.status = 'loaded'
        and staged_deliveries.status = 'loaded'
        and deliveries.article_id = staged_deliveries.article_id,
        'superseded',
        deliveries.status
    )
from staged_deliveries
where
    deliveries.source_path = staged_deliveries.source_path
    and deliveries.delivery_id != staged_deliveries.delivery_id;

delete from ops.deliveries where delivery_id in (select delivery_id from staged_deliveries);

-- Likewise a duplicate whose original was replaced after it was compared.
insert into ops.deliveries
select
    staged_deliveries.* replace (
        if(
            staged_deliveries.status = 'duplicate' and articles.article_id is null,
            null,
            staged_deliveries.modified_ns
        ) as modified_ns
    ),
from staged_deliveries
left join articles
    on
        staged_deliveries.article_id = articles.article_id
        and staged_deliveries.content_sha256 = articles.content_sha256;

-- Quarantined articles that are missing in a newer delivery of their file, and archives that could not be opened, and of
-- which a file was read now.
create or replace temp table withdrawn_deliveries as
select
    delivery_id,
    seen_at,
from staged_withdrawn
union
select
    quarantine.delivery_id,
    staged_deliveries.seen_at,
from ops.quarantine
inner join staged_deliveries
    on starts_with(staged_deliveries.source_path, quarantine.source_path || '/')
where quarantine.rule = 'archive_unreadable' and quarantine.released_at is null;

update ops.quarantine
set released_at = withdrawn_deliveries.seen_at
from withdrawn_deliveries
where quarantine.delivery_id = withdrawn_deliveries.delivery_id and quarantine.released_at is null;

update ops.deliveries
set status = 'withdrawn'
where delivery_id in (select delivery_id from withdrawn_deliveries);

drop table withdrawn_deliveries;

update ops.warehouse set change_no = change_no + 1;
