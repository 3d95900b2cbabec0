-- Which forces and towns are named in one sentence.
-- stored
select
    f.entity_id as force_id, -- The force.
    any_value(forces.name) as force, -- Its name.
    t.entity_id as place_id, -- The town.
    any_value(places.name) as town, -- Its name.
    count(distinct (f.paragraph_id, f.sentence_position)) as sentences, -- Sentences that name both.
    count(distinct f.article_id) as articles, -- Articles with such a sentence.
    count(distinct f.story_id) as stories -- Stories with such a sentence: copies counted once.
from counted_mentions f
join counted_mentions t using (paragraph_id, sentence_position)
join forces on forces.force_id = f.entity_id
join places on places.place_id = t.entity_id and places.kind = 'town'
where f.entity_type = 'force' and t.entity_type = 'place'
group by f.entity_id, t.entity_id
order by sentences desc, force_id, place_id
