-- The newest and the largest figures about people, each with its range, its claimant and its sentence; `others` are the ranges that
-- other reports of the same place, day and measure give and that do not meet it. Copies of one story are left out but for its
-- lead, and a number that one article prints twice stands once.
with differing as (
    select figure_id_a as figure_id, low_b as low, high_b as high, claimant_b as claimant from figures_in_conflict
    union all
    select figure_id_b, low_a, high_a, claimant_a from figures_in_conflict
),
conflicts as (
    select
        figure_id,
        string_agg(distinct case
                when high is null then low::bigint || ' or more' when low is null then high::bigint || ' or fewer'
                when low = high then low::bigint::varchar else low::bigint || ' to ' || high::bigint end
            || coalesce(' (' || claimant || ')', ''), '; ') as others
    from differing
    group by figure_id
),
once as (
    select f.*, a.published_on, a.outlet_id, a.title, c.others
    from figures f
    join articles a using (article_id)
    left join conflicts c using (figure_id)
    where a.is_story_lead and f.measure in ('killed', 'injured', 'casualties', 'captured', 'arrested', 'displaced', 'missing', 'besieged')
        and coalesce(f.low, f.high) is not null
    qualify row_number() over (
        partition by f.article_id, f.measure, f.low, f.high order by c.others is null, f.attribution_id is null, f.figure_id) = 1
),
asked as (
    from once
    qualify row_number() over (order by others is not null desc, published_on desc nulls last, figure_id) <= $rows
        or row_number() over (order by coalesce(high, low) desc, figure_id) <= $rows / 2
)
select
    f.figure_id as row_id, f.measure, f.low, f.high, f.best, f.bound, f.surface, f.victim_group, f.force_id, f.place_id, p.name as place,
    f.published_on::varchar as day, strftime(f.published_on, '%Y-%m') as month, o.name as outlet, f.outlet_id, t.claimant, t.claimant_type, f.others, f.title, f.sentence
from asked f
left join places p using (place_id)
left join outlets o on o.outlet_id = f.outlet_id
left join attributions t on t.attribution_id = f.attribution_id
order by f.others is null, day desc nulls last, row_id
