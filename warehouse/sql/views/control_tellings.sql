-- Who is told to have gained, held or left which town on which day: one row a telling, denials among them.
select
    e.event_id, -- The event.
    e.place_id, -- The town.
    p.name, -- Its name.
    coalesce(e.date_start, a.published_on) as day, -- The day of the event, else of publication.
    case when e.event_type in ('territory_gained', 'territory_held') then e.actor_id end as held_by, -- Who gained or holds it.
    case when e.event_type in ('territory_lost', 'withdrawal') then e.actor_id end as left_by, -- Who lost or left it.
    e.status, -- asserted, claimed or denied.
    coalesce(t.claimant_id, t.claimant) as claimant, -- Who says so: an id where one is known.
    a.outlet_id -- Who published it.
from events e
join places p using (place_id)
join articles a using (article_id)
left join attributions t on t.attribution_id = e.attribution_id
where p.kind = 'town' and e.actor_id is not null and e.status in ('asserted', 'claimed', 'denied')
    and e.event_type in ('territory_gained', 'territory_held', 'territory_lost', 'withdrawal')
