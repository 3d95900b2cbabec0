-- Who is told to hold which town on which day: one row a town and day on which something is said of it.
-- behind: control_tellings by place_id=place_id day=day
with days as (
    select
        place_id, any_value(name) as name, day,
        list_sort(list(distinct held_by) filter (where held_by is not null and status <> 'denied')) as holders,
        bool_or(status = 'denied') as denied,
        bool_or(left_by is not null) as is_left,
        list_sort(list(distinct claimant) filter (where claimant is not null)) as claimants,
        list_sort(list(distinct outlet_id) filter (where outlet_id is not null)) as outlet_ids,
        list_sort(list(distinct event_id)) as event_ids
    from control_tellings
    where day is not null
    group by place_id, day
)
select
    place_id, -- The town.
    name, -- Its name.
    day, -- The day it is said of.
    case when len(holders) = 1 then holders[1] end as held_by, -- Who is said to hold it; null where nobody is, or several are.
    lead(day) over (partition by place_id order by day) as held_until, -- The next day on which something is said of it.
    case
        when len(holders) > 1 or (denied and len(holders) > 0) then 'disputed'
        when len(holders) = 1 then 'held'
        when denied then 'disputed'
        else 'left'
    end as status, -- held, disputed (rival holders, or a denial, on one day) or left.
    coalesce(claimants, []) as claimants, -- Who says so.
    coalesce(outlet_ids, []) as outlet_ids, -- Who published it.
    event_ids -- The events.
from days
order by place_id, day
