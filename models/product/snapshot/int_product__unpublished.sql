-- One row per record that no published table can hold: none, since the contract bounds what is summed.
{{ no_rows({'table_name': 'text', 'record_key': 'text', 'reason': 'text', '_batch_id': 'bigint'}) }}
