-- One row per date, region and version triple with any record on that day; a missing version is null.
{{ agg_scope_by_version('region') }}
