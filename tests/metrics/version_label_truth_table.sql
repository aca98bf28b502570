-- One version keeps its name, several are mixed, none is null, of rows and of the labels of one row;
-- a row here is a case that came out otherwise.
with cases as (
    select
        cast(cases.name as text) as name,
        cast(cases.version as text) as version,
        cast(cases.expected as text) as expected
    from (
        values
        ('one', 'v1', 'v1'),
        ('one twice', 'v1', 'v1'),
        ('one twice', 'v1', 'v1'),
        ('one and none', 'v1', 'v1'),
        ('one and none', null, 'v1'),
        ('two', 'v1', 'mixed'),
        ('two', 'v2', 'mixed'),
        ('none', null, null)
    ) as cases (name, version, expected)
)

select
    name,
    expected,
    {{ version_label('version') }} as actual
from cases
group by name, expected
having {{ version_label('version') }} is distinct from expected
union all
select
    labels.name,
    labels.expected,
    {{ combined_version_label(['labels.first_label', 'labels.second_label', 'labels.third_label']) }} as actual
from (
    select
        cast(cases.name as text) as name,
        cast(cases.first_label as text) as first_label,
        cast(cases.second_label as text) as second_label,
        cast(cases.third_label as text) as third_label,
        cast(cases.expected as text) as expected
    from (
        values
        ('agree', 'v1', 'v1', 'v1', 'v1'),
        ('one of three', null, 'v1', null, 'v1'),
        ('one mixed already', 'v1', 'mixed', null, 'mixed'),
        ('mixed alone', null, null, 'mixed', 'mixed'),
        ('differ', 'v1', null, 'v2', 'mixed'),
        ('none', null, null, null, null)
    ) as cases (name, first_label, second_label, third_label, expected)
) as labels
where
    {{ combined_version_label(['labels.first_label', 'labels.second_label', 'labels.third_label']) }}
    is distinct from labels.expected
