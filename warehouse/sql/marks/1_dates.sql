-- The publication day of every article. A numeric date that can be read two ways follows the order its outlet is seen
-- to print elsewhere (dates with one reading only); where that is not known either, the day stays open.
create table dated as
with habit as (
    select outlet_id, count(*) filter (date_order = 'DMY') as dmy, count(*) filter (date_order = 'MDY') as mdy
    from staged_headers
    where outlet_id is not null
    group by outlet_id
)
select
    h.article_id, h.document_id, h.outlet_id, h.origin_outlet_id,
    case
        when h.published_on_other is null then h.published_on
        when coalesce(dmy, 0) > coalesce(mdy, 0) then h.published_on
        when coalesce(mdy, 0) > coalesce(dmy, 0) then h.published_on_other
    end as published_on,
    case
        when h.published_on_other is null then h.published_on_basis
        when coalesce(dmy, 0) <> coalesce(mdy, 0) then h.published_on_basis || ':seen_habit'
        else h.published_on_basis || ':ambiguous'
    end as published_on_basis
from staged_headers h
left join habit using (outlet_id);
