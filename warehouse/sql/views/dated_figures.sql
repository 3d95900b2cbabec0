-- Figures with the days they are said to be of (their event's, else those of publication), their story and who says so.
select
    f.figure_id, -- The figure.
    f.article_id, -- The article it stands in.
    a.story_id, -- The story that article tells.
    a.outlet_id, -- Who published it.
    f.measure, -- What is counted.
    f.low, -- The least it can be.
    f.high, -- The most it can be.
    f.bound, -- How it is bounded.
    f.force_id, -- Of whom.
    f.victim_group, -- What people.
    f.place_id, -- Where.
    coalesce(e.date_start, a.published_on) as day_start, -- The first day it can be of.
    coalesce(e.date_end, a.published_on) as day_end, -- The last day it can be of.
    t.claimant, -- Who says so.
    t.claimant_id, -- Their id.
    f.sentence -- The sentence.
from figures f
join articles a using (article_id)
left join events e on e.event_id = f.event_id
left join attributions t on t.attribution_id = f.attribution_id
