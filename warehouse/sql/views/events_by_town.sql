-- What is told to have happened in each town, by type.
-- behind: events by place_id=place_id event_type=event_type
select
    e.place_id, -- The town.
    p.name, -- Its name.
    p.country_code, -- Its country.
    p.admin1 as governorate, -- Its governorate.
    p.latitude, -- Degrees north.
    p.longitude, -- Degrees east.
    e.event_type, -- What happened.
    count(*) as events, -- How many tellings.
    count(distinct coalesce(e.event_key, a.story_id)) as different_events, -- Tellings of one event counted once, by event_key where it has a place and a day, else by story.
    count(distinct a.story_id) as stories, -- In how many stories.
    count(*) filter (e.status in ('asserted', 'claimed')) as told_as_fact, -- Of them asserted or claimed, not denied, planned, hypothetical or negated.
    min(coalesce(e.date_start, a.published_on)) as first_day, -- The first day.
    max(coalesce(e.date_end, a.published_on)) as last_day -- The last day.
from events e
join places p using (place_id)
join articles a using (article_id)
where p.kind = 'town'
group by e.place_id, p.name, p.country_code, p.admin1, p.latitude, p.longitude, e.event_type
order by events desc, e.place_id, e.event_type
