-- The publication day of every article. A numeric date that can be read two ways follows the order its outlet is seen
-- to print elsewhere (dates with one reading only), or, for a row of an export, the order of the export's other rows;
-- where neither is known, the day stays open.
create table dated as
with headers as (
    select h.*, case when h.published_on_basis like 'record%' then split_part(d.source_uri, '!', 1) end as export
    from staged_headers h
    join documents_in d using (document_id)
),
habit as (
    select outlet_id, count(*) filter (date_order = 'DMY') - count(*) filter (date_order = 'MDY') as day_first
    from headers
    where outlet_id is not null
    group by outlet_id
),
exported as (
    select export, count(*) filter (date_order = 'DMY') - count(*) filter (date_order = 'MDY') as day_first
    from headers
    where export is not null
    group by export
),
decided as (
    select
        h.*, coalesce(nullif(exported.day_first, 0), habit.day_first, 0) as day_first,
        case when coalesce(exported.day_first, 0) <> 0 then ':seen_in_export' else ':seen_habit' end as basis
    from headers h
    left join habit using (outlet_id)
    left join exported using (export)
)
select
    article_id, document_id, outlet_id, origin_outlet_id,
    case
        when published_on_other is null or day_first > 0 then published_on
        when day_first < 0 then published_on_other
    end as published_on,
    case
        when published_on_other is null then published_on_basis
        when day_first <> 0 then published_on_basis || basis
        else published_on_basis || ':ambiguous'
    end as published_on_basis
from decided;
