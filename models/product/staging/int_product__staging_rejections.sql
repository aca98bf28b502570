-- One row per raw record that staging turns away: none, since the door decides everything about a record.
{{ no_rows({
    'table_name': 'text', 'batch_id': 'bigint', 'line_number': 'bigint', 'record_id': 'text', 'code': 'text',
    'reason': 'text', 'column_name': 'text', 'message': 'text', 'settled_in_batch': 'bigint',
}) }}
