-- Who is told to have gained or left which town, when, and who says so: one row a telling.
-- behind: events by event_id=event_id
select
    e.place_id, -- The town.
    p.name, -- Its name.
    coalesce(e.date_start, a.published_on) as day, -- The day of the event, else of publication.
    e.date_precision, -- How precise the day is.
    case when e.event_type = 'territory_gained' then e.actor_id else null end as gained_by, -- Who gained it.
    case when e.event_type = 'territory_gained' then e.target_id else e.actor_id end as lost_by, -- Who lost or left it.
    e.event_type, -- territory_gained, territory_lost or withdrawal.
    e.status, -- How sure the telling is.
    t.claimant, -- Who says so.
    a.outlet_id, -- Who published it.
    e.article_id, -- The article.
    e.sentence, -- The sentence.
    e.event_id -- The event, for warwire explain.
from events e
join places p using (place_id)
join articles a using (article_id)
left join attributions t on t.attribution_id = e.attribution_id
where p.kind = 'town' and e.event_type in ('territory_gained', 'territory_lost', 'withdrawal')
    and e.status in ('asserted', 'claimed') and e.actor_id is not null
order by e.place_id, day nulls last, e.event_id
