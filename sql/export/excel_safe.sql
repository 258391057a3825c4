-- Put an apostrophe before text that a spreadsheet would evaluate as a formula, and before an id of more than 15
-- digits, which it would round. East Asian editions accept the full-width signs too.

create or replace temp macro excel_safe(cell) as
if(
    typeof(cell) = 'VARCHAR' and regexp_matches(cell::varchar, '^[=+\-@＝＋－＠\t\r\n]'),
    '''' || cell::varchar,
    cell::varchar
);
create or replace temp macro excel_safe_id(id) as if(length(id) > 15, '''' || id, id);
