-- fail: a force whose parent no row has
select f.force_id, f.parent_id from forces f left join forces p on p.force_id = f.parent_id where f.parent_id is not null and p.force_id is null
