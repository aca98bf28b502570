-- One row per date, team and version triple with any record on that day; a missing version is null.
{{ agg_scope_by_version('team') }}
