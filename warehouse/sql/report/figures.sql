-- The newest figures about people, each with its range, its claimant and its sentence; `in_conflict` where another report of the same
-- place, day and measure gives a range that does not meet it. Copies of one story are left out but for its lead.
with conflicts as (
    select figure_id_a as figure_id from figures_in_conflict union select figure_id_b from figures_in_conflict
),
asked as (
    select f.*, a.published_on, a.outlet_id, c.figure_id is not null as in_conflict
    from figures f
    join articles a using (article_id)
    left join conflicts c using (figure_id)
    where a.is_story_lead and f.measure in ('killed', 'injured', 'casualties', 'captured', 'arrested', 'displaced', 'missing', 'besieged')
        and coalesce(f.low, f.high) is not null
    qualify row_number() over (order by c.figure_id is not null desc, a.published_on desc nulls last, f.figure_id) <= $rows
)
select
    f.figure_id as row_id, f.measure, f.low, f.high, f.best, f.bound, f.surface, f.victim_group, f.force_id, f.place_id, p.name as place,
    f.published_on::varchar as day, strftime(f.published_on, '%Y-%m') as month, o.name as outlet, f.outlet_id, t.claimant, t.claimant_type, f.in_conflict, f.sentence
from asked f
left join places p using (place_id)
left join outlets o on o.outlet_id = f.outlet_id
left join attributions t on t.attribution_id = f.attribution_id
order by f.in_conflict desc, day desc nulls last, row_id
