-- The newest events told, each with whose word it is and its sentence.
select
    e.event_id as row_id, e.event_type, e.status, e.actor_id as force_id, e.target_id, e.place_id, p.name as place,
    coalesce(e.date_start, a.published_on)::varchar as day, strftime(a.published_on, '%Y-%m') as month, t.claimant, t.claimant_type, o.name as outlet,
    a.outlet_id, e.sentence
from events e
join articles a using (article_id)
left join places p using (place_id)
left join outlets o on o.outlet_id = a.outlet_id
left join attributions t on t.attribution_id = e.attribution_id
where a.is_story_lead
qualify row_number() over (order by a.published_on desc nulls last, e.event_id) <= $rows
order by a.published_on desc nulls last, row_id
