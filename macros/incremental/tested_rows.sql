{% macro tested_rows(relation, kind=none, column=none) -%}
    {#- The comment says how far the test has looked; save_test_progress reads it when the test has passed. -#}
    {%- set node = tested_node(relation) -%}
    {%- set partition = tested_partition(node, kind, column) if node else none -%}
    {%- if not partition -%}
        {%- do return(relation) -%}
    {%- endif -%}
    {%- set batches = tested_batches(node) -%}
    {%- set seen = '/* batches to ' ~ batches.high ~ ' */' -%}
    {%- if batches.low == 0 or flags.FULL_REFRESH or env_var('STRATA_TEST_SCOPE', 'all') != 'touched' -%}
        {%- do return('(select * from ' ~ relation ~ ' ' ~ seen ~ ')') -%}
    {%- endif -%}
    {%- set condition = is_touched_by(partition.kind, 'tested', partition.column, batches) -%}
    {%- set test = model.get('test_metadata') or {} -%}
    {%- if test.get('name') in ['unique', 'unique_key'] and node.config.materialized == 'incremental' -%}
        {%- set columns = test.kwargs.get('columns') or [test.kwargs.column_name] -%}
        {%- if identifying_columns(partition) | reject('in', columns) | list -%}
            {#- A touched row may have its duplicate in a partition that nothing touched. -#}
            {%- set key = columns | join(', ') -%}
            {%- set condition -%}
                ({{ key }}) in (select {{ key }} from {{ relation }} as tested where {{ condition }})
            {%- endset -%}
        {%- endif -%}
    {%- endif -%}
    {%- do return('(select * from ' ~ relation ~ ' as tested where ' ~ condition ~ ' ' ~ seen ~ ')') -%}
{%- endmacro %}
