-- Every block: kept, or dropped and why.
create table marked as
with across as (
    select c.paragraph_id, c.outlet, c.words
    from candidates c
    join boilerplate using (outlet, words)
),
judged as (
    select
        b.*, a.outlet, a.words, d.published_on,
        coalesce(b.drop_reason, if(a.paragraph_id is not null, 'repeated_across_outlet', null)) as reason
    from staged_blocks b
    join dated d using (document_id)
    left join across a using (paragraph_id)
),
-- words, or words less the last: two printings that differ in a trailing word share one of them
keyed as (
    select document_id, paragraph_id, position, unnest([signature, nullif(opening_signature, '')]) as words
    from judged
    where reason is null and signature <> ''
),
printed as (
    select paragraph_id, min_by(first_paragraph, first_position) as first_paragraph, min(first_position) as first_position
    from (
        select
            paragraph_id, first_value(paragraph_id) over printings as first_paragraph,
            min(position) over printings as first_position
        from keyed
        where words is not null
        window printings as (partition by document_id, words order by position)
    )
    group by paragraph_id
),
counted as (
    select j.*, p.first_paragraph, coalesce(p.first_position < j.position, false) as again
    from judged j
    left join printed p using (paragraph_id)
),
-- a short line (a crosshead, "Yes.") may honestly stand twice; next to a repeated block it is part of the reprint
repeated as (
    select
        *,
        again and (word_chars >= 25
            or coalesce(lag(again) over page, false) or coalesce(lead(again) over page, false)) as is_repeat
    from counted
    window page as (partition by document_id order by position)
)
select
    part, document_id, paragraph_id, position, kind, signature, word_chars,
    case when is_repeat then 'repeated_in_article' else reason end as drop_reason,
    case
        when is_repeat then first_paragraph
        when reason = 'repeated_across_outlet' then nullif(first_value(paragraph_id) over (
            partition by outlet, words order by published_on nulls last, document_id, position), paragraph_id)
    end as repeat_of
from repeated;

create table block_marks as
with spread as (
    select signature, count(distinct document_id) as documents from staged_blocks group by signature
)
select
    m.part, m.document_id, m.paragraph_id, m.drop_reason is null as kept, m.drop_reason, m.repeat_of,
    case when m.signature = '' then 1 else s.documents end::integer as documents_with_it
from marked m
join spread s using (signature);
