-- fail by part: a mention's entity is not of its type
with known as (
    select 'force' as entity_type, force_id as entity_id from forces
    union all select 'place', place_id from places
    union all select 'outlet', outlet_id from outlets
    union all select 'organization', organization_id from organizations
)
select m.mention_id, m.entity_type, m.entity_id
from mentions m
anti join known k on k.entity_type = m.entity_type and k.entity_id = m.entity_id
where m.entity_id is not null
