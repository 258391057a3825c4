-- A cell that a spreadsheet would take for a formula, with an apostrophe before it; all others as they are.

create or replace temp macro for_spreadsheet(cell) as
if(
    typeof(cell) = 'VARCHAR' and regexp_matches(cell::varchar, '^[=+\-@\t\r\n]'),
    '''' || cell::varchar,
    cell::varchar
);
