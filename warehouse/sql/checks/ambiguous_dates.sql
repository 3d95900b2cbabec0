-- warn: an article whose printed date can be read two ways and nothing decides
select article_id, published_on_basis from articles where published_on_basis like '%:ambiguous'
