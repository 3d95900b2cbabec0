-- Two figures of one measure for one place and day, from two stories, whose ranges do not meet.
select
    x.measure, -- What is counted.
    x.place_id, -- Where.
    x.day_start as day, -- When.
    x.figure_id as figure_id_a, -- The lower figure.
    y.figure_id as figure_id_b, -- The higher figure.
    x.low as low_a, -- The least the lower one can be.
    x.high as high_a, -- The most the lower one can be.
    y.low as low_b, -- The least the higher one can be.
    y.high as high_b, -- The most the higher one can be.
    x.claimant as claimant_a, -- Who says the lower one.
    y.claimant as claimant_b, -- Who says the higher one.
    x.sentence as sentence_a, -- The sentence of the lower one.
    y.sentence as sentence_b -- The sentence of the higher one.
from dated_figures x
join dated_figures y
    on y.measure = x.measure and y.place_id = x.place_id and y.day_start = x.day_start and y.story_id <> x.story_id
    and coalesce(x.victim_group, '') = coalesce(y.victim_group, '') and x.force_id is not distinct from y.force_id
where x.high < y.low and x.day_start = x.day_end and y.day_start = y.day_end and x.measure in ('killed', 'injured', 'casualties', 'captured', 'arrested', 'missing', 'displaced', 'besieged', 'strength', 'strikes')
order by day desc, x.place_id, x.measure, figure_id_a, figure_id_b
