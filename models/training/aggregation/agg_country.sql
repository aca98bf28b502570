-- One row per date and country with any record on that day.
-- Counts are of the day, module_completion_rate is the state at its end.
{{ agg_scope('country') }}
