-- Remove a path or headline of an article that was taken down from what is told of runs and alerts.

update ops.runs set message = 'Names an article that was taken down.' where contains(message, $text);
update ops.alerts set message = 'Names an article that was taken down.' where contains(message, $text);
update ops.passed_over set example = 'taken down' where contains(example, $text);
