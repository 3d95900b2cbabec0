-- What a warehouse holds and how full its columns are: rows by table, and the share of rows that have a value.
select 'rows of documents' as measure, count(*)::double as value, null::double as of_rows from documents
union all select 'rows of paragraphs', count(*), null from paragraphs
union all select 'rows of articles', count(*), null from articles
union all select 'rows of stories', count(*), null from stories
union all select 'rows of mentions', count(*), null from mentions
union all select 'rows of figures', count(*), null from figures
union all select 'rows of attributions', count(*), null from attributions
union all select 'rows of quotes', count(*), null from quotes
union all select 'rows of events', count(*), null from events
union all select 'rows of unknown_names', count(*), null from unknown_names
union all select 'rows of rejects', count(*), null from rejects
union all select 'share of paragraphs kept', avg(kept::integer), count(*) from paragraphs
union all select 'share of articles with title', avg((title is not null)::integer), count(*) from articles
union all select 'share of articles with outlet_id', avg((outlet_id is not null)::integer), count(*) from articles
union all select 'share of articles with published_on', avg((published_on is not null)::integer), count(*) from articles
union all select 'share of articles with text', avg((text <> '')::integer), count(*) from articles
union all select 'share of articles that lead a story', avg(is_story_lead::integer), count(*) from articles
union all select 'share of mentions with entity_id', avg((entity_id is not null)::integer), count(*) from mentions
union all select 'share of figures with attribution_id', avg((attribution_id is not null)::integer), count(*) from figures
union all select 'share of figures with place_id', avg((place_id is not null)::integer), count(*) from figures
union all select 'share of quotes with speaker', avg((speaker is not null)::integer), count(*) from quotes
union all select 'share of events with place_id', avg((place_id is not null)::integer), count(*) from events
union all select 'share of events with actor_id', avg((actor_id is not null)::integer), count(*) from events
