-- Put an apostrophe before text that a spreadsheet would evaluate as a formula. East Asian editions accept the
-- full-width signs too.

create or replace temp macro excel_safe(cell) as
if(
    typeof(cell) = 'VARCHAR' and regexp_matches(cell::varchar, '^[=+\-@＝＋－＠\t\r\n]'),
    '''' || cell::varchar,
    cell::varchar
);
