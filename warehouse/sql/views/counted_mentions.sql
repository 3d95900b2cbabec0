-- The mentions that count: names of known entities in titles, captions and text, with what the counting views group by.
select
    m.mention_id, -- The mention.
    m.entity_type, -- force, place, outlet or organization.
    m.entity_id, -- Whom it names.
    m.article_id, -- The article it stands in.
    a.story_id, -- The story that article tells.
    a.outlet_id, -- Who published it.
    coalesce(s.origin_outlet_id, a.origin_outlet_id) as origin_outlet_id, -- Who wrote the story it tells: a copy is put down to its origin.
    a.published_on, -- When.
    strftime(a.published_on, '%Y-%m') as month, -- The month of publication, YYYY-MM; null without a date.
    m.paragraph_id, -- The paragraph it stands in.
    m.sentence_position, -- The sentence within that paragraph.
    m.surface, -- The words.
    m.part -- title, caption or body.
from mentions m
join articles a using (article_id)
join stories s using (story_id)
where m.entity_id is not null and m.part not in ('dateline', 'tags')
