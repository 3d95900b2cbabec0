-- Paragraphs that repeat, with how often and what was done about it.
select
    r.repeat_of as paragraph_id, -- The first occurrence.
    any_value(p.text) as text, -- Its words.
    r.drop_reason, -- What the repeats are: of one article, or of an outlet.
    count(*) as repeats, -- How many repeats, the first occurrence not counted.
    count(distinct r.document_id) as documents, -- In how many documents the repeats stand.
    any_value(p.kept) as first_is_kept -- Whether the first occurrence counts.
from paragraphs r
join paragraphs p on p.paragraph_id = r.repeat_of
where r.repeat_of is not null
group by r.repeat_of, r.drop_reason
order by repeats desc, paragraph_id
