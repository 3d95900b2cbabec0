-- The counted mentions of forces and towns in articles whose publisher is known.
select
    c.mention_id, -- The mention.
    c.entity_type, -- force or place.
    c.entity_id, -- Whom it names.
    c.article_id, -- The article it stands in.
    c.story_id, -- The story that article tells.
    c.outlet_id, -- Who published it.
    c.origin_outlet_id, -- Who wrote it.
    c.published_on, -- When.
    c.month, -- The month of publication, YYYY-MM; null without a date.
    c.paragraph_id, -- The paragraph it stands in.
    c.sentence_position, -- The sentence within that paragraph.
    c.surface, -- The words.
    c.part -- title, caption or body.
from counted_mentions c
where c.outlet_id is not null
    and (c.entity_type = 'force'
        or (c.entity_type = 'place' and c.entity_id in (select place_id from places where kind = 'town')))
