-- A cell that a spreadsheet would take for a formula, with an apostrophe before it; all others as they are.
-- In East Asian editions the wide signs begin a formula too.

create or replace temp macro for_spreadsheet(cell) as
if(
    typeof(cell) = 'VARCHAR' and regexp_matches(cell::varchar, '^[=+\-@＝＋－＠\t\r\n]'),
    '''' || cell::varchar,
    cell::varchar
);
