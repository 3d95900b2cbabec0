-- fail: a mention names an entity that its table does not have
select m.mention_id, m.entity_type, m.entity_id
from mentions m
left join forces f on m.entity_type = 'force' and f.force_id = m.entity_id
left join places p on m.entity_type = 'place' and p.place_id = m.entity_id
left join outlets o on m.entity_type = 'outlet' and o.outlet_id = m.entity_id
left join organizations g on m.entity_type = 'organization' and g.organization_id = m.entity_id
where m.entity_id is not null and coalesce(f.force_id, p.place_id, o.outlet_id, g.organization_id) is null
