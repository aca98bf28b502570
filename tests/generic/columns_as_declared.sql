{% test columns_as_declared(model) %}
{{ deviating_columns([contract_of_test()] if execute else []) }}
{% endtest %}
