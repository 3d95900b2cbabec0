-- Who is said to have gained or left which town: the towns told of most, their newest tellings.
with towns as (
    select place_id, count(*) as tellings from control_timeline where place_id is not null group by all
    order by tellings desc, place_id limit 25
)
select
    c.event_id as row_id, c.place_id, c.name as place, coalesce(c.day, a.published_on)::varchar as day, c.day is null as day_is_of_the_report, c.date_precision,
    strftime(coalesce(c.day, a.published_on), '%Y-%m') as month, c.gained_by, c.lost_by, c.event_type, c.status, c.claimant, o.name as outlet,
    c.outlet_id, c.sentence
from control_timeline c
join towns using (place_id)
join articles a using (article_id)
left join outlets o on o.outlet_id = c.outlet_id
where a.is_story_lead
qualify row_number() over (partition by c.place_id order by c.day desc nulls last, c.event_id) <= $rows
order by place, day desc nulls last, row_id
