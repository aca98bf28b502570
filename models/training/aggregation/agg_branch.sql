-- One row per date and branch with any record on that day.
-- Counts are of the day, module_completion_rate is the state at its end.
{{ agg_scope('branch') }}
