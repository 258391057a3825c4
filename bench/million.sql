-- Rows of the attached database `small`, once for each row of `copies` (copy_no, way, days).

create macro other(words, way) as translate(words, 'aeiouAEIOU', way || upper(way));
-- The word that joins speakers is ours, not the text's.
create macro other_joint(words, way) as replace(other(words, way), ' ' || other('and', way) || ' ', ' and ');
create macro id_of(id, salt) as if(id is null, null, (hash(id, salt) >> 11)::bigint);
insert into articles by name
select
    articles.* replace (
        id_of(article_id, copy_no) as article_id,
        copy_no || '/' || source_path as source_path,
        other(title, way) as title,
        other(body, way) as body,
        published_at + to_days(days) as published_at,
        published_on + days as published_on,
        id_of(cluster_id, copy_no) as cluster_id,
        id_of(duplicate_of, copy_no) as duplicate_of,
        sha256(content_sha256 || copy_no) as content_sha256,
        sha256(text_sha256 || copy_no) as text_sha256
    ),
from small.articles as articles, copies;
insert into mentions by name
select
    mentions.* replace (
        id_of(article_id, copy_no) as article_id,
        id_of(entity_id, way) as entity_id,
        other(text, way) as text,
        other(name, way) as name
    ),
from small.mentions as mentions, copies;
insert into quotes by name
select
    quotes.* replace (
        id_of(article_id, copy_no) as article_id,
        other(text, way) as text,
        other(cue, way) as cue,
        other(speaker_text, way) as speaker_text,
        if(speaker_count > 1, other_joint(speaker, way), other(speaker, way)) as speaker,
        if(speaker_count > 1, other_joint(speaker_name, way), other(speaker_name, way)) as speaker_name,
        other(speaker_role, way) as speaker_role,
        id_of(speaker_entity_id, way) as speaker_entity_id
    ),
from small.quotes as quotes, copies;
insert into quote_speakers by name
select
    quote_speakers.* replace (
        id_of(article_id, copy_no) as article_id,
        other(speaker, way) as speaker,
        other(speaker_name, way) as speaker_name,
        other(speaker_role, way) as speaker_role,
        id_of(speaker_entity_id, way) as speaker_entity_id
    ),
from small.quote_speakers as quote_speakers, copies;
insert into entities by name
select
    entities.* replace (
        id_of(entity_id, way) as entity_id,
        other(name, way) as name,
        list_transform(aliases, lambda alias: other(alias, way)) as aliases,
        (first_seen_on + first_days) as first_seen_on,
        (last_seen_on + last_days) as last_seen_on
    ),
from small.entities as entities, (select way, min(days) as first_days, max(days) as last_days from copies group by way);
insert into ops.runs by name
select
    runs.* replace (run_id || '-' || copy_no as run_id),
from small.ops.runs as runs, copies;
insert into ops.deliveries by name
select
    deliveries.* replace (
        id_of(delivery_id, copy_no) as delivery_id,
        copy_no || '/' || source_path as source_path,
        id_of(article_id, copy_no) as article_id,
        sha256(content_sha256 || copy_no) as content_sha256,
        run_id || '-' || copy_no as run_id
    ),
from small.ops.deliveries as deliveries, copies;
insert into ops.quarantine by name
select
    quarantine.* replace (
        id_of(delivery_id, copy_no) as delivery_id,
        copy_no || '/' || source_path as source_path,
        run_id || '-' || copy_no as run_id
    ),
from small.ops.quarantine as quarantine, copies;
drop macro other_joint;
drop macro other;
drop macro id_of;
update ops.warehouse set change_no = change_no + 1
