-- fail: a paragraph is kept with a reason to drop it, or dropped without one
select paragraph_id, kept, drop_reason from paragraphs where kept <> (drop_reason is null)
