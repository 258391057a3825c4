-- Delete what refers to the articles in `forgotten_articles`, whose own rows are deleted by now, and the deliveries in
-- `forgotten_deliveries`. Entities that nothing else names go too.

update articles
set duplicate_of = null
where duplicate_of in (select article_id from forgotten_articles);

delete from ops.near_pairs where other_id in (select article_id from forgotten_articles);

delete from entities
where
    entity_id in (
        select previous_entities.entity_id
        from previous_entities
        anti join mentions on previous_entities.entity_id = mentions.entity_id
        anti join quote_speakers on previous_entities.entity_id = quote_speakers.speaker_entity_id
    );

delete from ops.quarantine where delivery_id in (select delivery_id from forgotten_deliveries);

create or replace temp table forgotten_paths as
select distinct deliveries.source_path
from ops.deliveries
semi join forgotten_deliveries on deliveries.delivery_id = forgotten_deliveries.delivery_id
where deliveries.is_current;

delete from ops.deliveries where delivery_id in (select delivery_id from forgotten_deliveries);

-- An earlier delivery of the path, of another story, is the current one again; the next run reads the file.
update ops.deliveries
set is_current = true, modified_ns = null
where
    delivery_id in (
        select deliveries.delivery_id
        from ops.deliveries
        semi join forgotten_paths on deliveries.source_path = forgotten_paths.source_path
        qualify
            row_number() over (
                partition by deliveries.source_path order by deliveries.seen_at desc, deliveries.delivery_id
            ) = 1
    );

-- A file with many articles is read again only when it changes, so it needs no mark.
drop table forgotten_paths;
drop table previous_entities;
