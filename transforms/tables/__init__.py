"""The tables that staging, marking and publishing fill; records declare theirs beside their finder, in extract/."""

from __future__ import annotations

from dataclasses import replace

from transforms.schema import ENTITIES, Column, Table

KINDS = (
    "title", "date", "byline", "dateline", "outlet", "tags", "caption", "credit", "body", "crosshead", "standfirst",
    "furniture", "comment_policy", "related", "share", "navigation", "advertisement", "copyright", "unknown",
)  # fmt: skip
DROP_REASONS = ("metadata", "furniture", "repeated_in_article", "repeated_across_outlet", "navigation", "empty")

_DOCUMENT_ID = Column(
    "document_id", "string", "First 32 hex digits of SHA-256 of the document's raw bytes.", null=False
)
_SOURCE_URI = Column(
    "source_uri", "string", "Where it was read: an absolute path, with !member#record inside containers.", null=False
)
_IN_DOCUMENT = replace(_DOCUMENT_ID, links=("documents",))
_ARTICLE_ID = Column("article_id", "string", "The article it belongs to.", null=False)
_IN_ARTICLE = replace(_ARTICLE_ID, links=("articles",))
_PARAGRAPH_ID = Column("paragraph_id", "string", "Hash of document, place and words.", null=False)
_START = Column("document_start_char", "int32", "First character in documents.text (0-based).", null=False)
_END = Column("document_end_char", "int32", "One past the last character in documents.text.", null=False)
_KIND = Column("kind", "string", "What the block is on its page.", values=KINDS, null=False)
_KEPT = Column(
    "kept", "boolean", "Whether it counts: names are read in kept paragraphs, datelines and tags.", null=False
)
_DROP = Column("drop_reason", "string", "Why it does not count; null where it does.", values=DROP_REASONS)
_REPEAT = Column("repeat_of", "string", "paragraph_id of the first occurrence, for a block that repeats.", links=("paragraphs",))
_WITH_IT = Column("documents_with_it", "int32", "In how many documents the same words stand as a block.", null=False)
_PUBLISHED = Column(
    "published_on",
    "date32",
    "Day of publication as the document gives it; null where it gives none or it can be read two ways.",
)
_PUBLISHED_BASIS = Column("published_on_basis", "string",
    "How the date is known: record (a column of an export), metadata, page (found by htmldate), header_line, dateline or leading_text, and after a colon what decided the "
    "order of day and month (weekday, other_date, outlet_habit, body_weekday, seen_habit, seen_in_export); `:ambiguous` where nothing did.")  # fmt: skip
_HEADER = (
    Column("title", "string", "The headline, or null."),
    Column("byline", "string", "Who is named as the writer, as printed."),
    Column("outlet_id", "string", "The outlet that published this page; null where nothing shows it.", links=("outlets",)),
    Column("origin_outlet_id", "string", "The outlet that wrote it: a credited agency or source, else the publisher.", links=("outlets",)),
    Column("outlet_basis", "string", "How the publisher is known.",
           values=("url", "metadata", "masthead", "title", "furniture", "fingerprint", "agency_line")),
    Column("language", "string", "ISO 639-1 code the page states, or en by its function words; null where unsure."),
    Column("url", "string", "The page's own address, where it gives one."),
)  # fmt: skip
_TEXT = Column(
    "text",
    "string",
    "The document's text: for text the decoded bytes less a byte order mark, for a page its visible text, furniture included.",
    null=False,
)
_FACTS_HASH = Column(
    "facts_hash",
    "string",
    "Hash of what its source says of it beside its bytes: the name's ending; for a record of a container its columns, address, key and --map.",
)
_DOCUMENT_FACTS = (
    Column("media_type", "string", "What it was read as.", values=("text/plain", "text/markdown", "text/html", "multipart/related"), null=False),
    Column("encoding", "string", "The encoding it was read in, by Python's name.", null=False),
    Column("encoding_basis", "string", "How the encoding is known; damaged = UTF-8 with broken places, each now U+FFFD.",
           values=("bom", "declared", "valid", "damaged", "detected"), null=False),
    Column("byte_length", "int64", "Raw bytes.", null=False),
    _TEXT,
    Column("external_id", "string", "A record's own key in the export it came from; null for files."),
    Column("record_metadata", "string", "A record's other columns as JSON; null for files."),
    _FACTS_HASH,
)  # fmt: skip

# ------------------------------------------------------------------ staged: between the steps of a run
STAGED_DOCUMENTS = Table(
    "staged_documents", "One document read.", ("document_id",), (_DOCUMENT_ID, *_DOCUMENT_FACTS), "staged"
)
STAGED_BLOCKS = Table(
    "staged_blocks",
    "One block of a document, judged by itself.",
    ("paragraph_id",),
    (
        _DOCUMENT_ID,
        _PARAGRAPH_ID,
        Column("position", "int32", "Its place among the document's blocks, from 0.", null=False),
        _KIND,
        _START,
        _END,
        Column("text", "string", "The block after cleaning.", null=False),
        Column("shifts", "list<int32>", "The way back to raw offsets, see transforms.page.clean.Cleaned.", null=False),
        Column("cleaners", "list<string>", "The cleaners that changed it.", null=False),
        Column("signature", "string", "Hash of its words less a dateline; empty where it has none.", null=False),
        Column("form_signature", "string", "As signature, with numbers read as 0.", null=False),
        Column("opening_signature", "string", "As signature, less the last word; empty for a short block.", null=False),
        Column("word_chars", "int32", "Characters of its words, for weighing.", null=False),
        Column("dateline_end", "int32", "Where the dateline it opens with ends, in the clean text."),
        Column("drop_reason", "string", "Why it does not count, whatever else is read; null where that is open.", values=DROP_REASONS),
    ),
    "staged",
)
STAGED_PRINTS = Table(
    "staged_prints",
    "The fingerprints of one block of text, see transforms.page.prints.Prints.",
    ("paragraph_id",),
    (
        _DOCUMENT_ID,
        _PARAGRAPH_ID,
        Column("words", "list<int64>", "Its words less a dateline, hashed with their length, in order.", null=False),
        Column("shingles", "list<int64>", "A sample of its runs of three words.", null=False),
        Column("names", "list<int64>", "Its capitalised words inside sentences, once each.", null=False),
        Column("numbers", "list<int64>", "Its numbers in digits, once each.", null=False),
    ),
    "staged",
)
STAGED_HEADERS = Table(
    "staged_headers",
    "One article's header, read by itself.",
    ("article_id",),
    (
        _ARTICLE_ID, _DOCUMENT_ID, *_HEADER, _PUBLISHED, _PUBLISHED_BASIS,
        Column("published_on_other", "date32", "The day if day and month change places, where both readings stand."),
        Column("date_order", "string", "DMY or MDY where a numeric date in the header has one reading only, else empty.", null=False),
    ),
    "staged",
)  # fmt: skip
STAGED_REJECTS = Table(
    "staged_rejects",
    "One document that could not be read.",
    ("document_id",),
    (
        _DOCUMENT_ID,
        Column("reason", "string", "A short word.", null=False),
        Column("detail", "string", "What exactly.", null=False),
        _FACTS_HASH,
    ),
    "staged",
)
BLOCK_MARKS = Table(
    "block_marks",
    "What is decided about a block over all documents.",
    ("paragraph_id",),
    (_DOCUMENT_ID, _PARAGRAPH_ID, _KEPT, _DROP, _REPEAT, _WITH_IT),
    "staged",
)
ARTICLE_MARKS = Table(
    "article_marks",
    "What is decided about an article over all documents.",
    ("article_id",),
    (
        _ARTICLE_ID, _DOCUMENT_ID, _SOURCE_URI, _PUBLISHED, _PUBLISHED_BASIS,
        Column("story_id", "string", "The story it tells.", null=False),
        Column("is_story_lead", "boolean", "Whether it is its story's first telling.", null=False),
    ),
    "staged",
)  # fmt: skip

# ------------------------------------------------------------------ published
DOCUMENTS = Table(
    "documents", "One raw input, by its bytes.", ("document_id",), (_DOCUMENT_ID, _SOURCE_URI, *_DOCUMENT_FACTS)
)
DOCUMENT_SOURCES = Table(
    "document_sources",
    "One place a document's bytes were found. It is read with the facts of the first by name.",
    ("document_id", "source_uri"),
    (_IN_DOCUMENT, _SOURCE_URI, _FACTS_HASH),
    "whole",
)
PARAGRAPHS = Table(
    "paragraphs",
    "One block of a document, kept or not; together they cover every non-space character of documents.text.",
    ("paragraph_id",),
    (
        _PARAGRAPH_ID, _IN_DOCUMENT, _IN_ARTICLE,
        Column("position", "int32", "Its place among the document's blocks, from 0.", null=False),
        _KIND, _START, _END,
        Column("start_char", "int32", "First character in articles.text; null where it does not stand there."),
        Column("end_char", "int32", "One past the last character in articles.text; null where it does not stand there."),
        Column("text", "string", "The block after cleaning.", null=False),
        _KEPT, _DROP, _REPEAT, _WITH_IT,
        Column("cleaners", "list<string>", "The cleaners that changed it, in order; see transforms/page/clean.py.", null=False),
        Column("cleaners_text", "string", "The same, joined by a space.", null=False),
        Column("shifts", "list<int32>", "The way back to raw offsets: pairs of clean offset and shift; empty where nothing changed.", null=False),
    ),
)  # fmt: skip
ARTICLES = Table(
    "articles",
    "One article.",
    ("article_id",),
    (
        _ARTICLE_ID, _IN_DOCUMENT, *_HEADER, _PUBLISHED, _PUBLISHED_BASIS,
        Column("dateline_place_id", "string", "The place its dateline names.", links=("places",)),
        Column("text", "string", "The clean text: standfirst, body and crossheads, joined by one blank line.", null=False),
        Column("caption_text", "string", "Its kept captions, joined by one blank line; empty where it has none.", null=False),
        Column("word_count", "int32", "Words of text.", null=False),
        Column("story_id", "string", "The story it tells.", null=False, links=("stories",)),
        Column("is_story_lead", "boolean", "Whether it is its story's first telling (by day, then fullest, then id).", null=False),
    ),
)  # fmt: skip
STORIES = Table(
    "stories",
    "One story: an article and its copies, perhaps that article alone.",
    ("story_id",),
    (
        Column("story_id", "string", "Hash of its lead article.", null=False),
        Column("lead_article_id", "string", "Its first telling.", null=False, links=("articles",)),
        Column("articles", "int32", "How many articles tell it.", null=False),
        Column("outlets", "int32", "How many known outlets published it.", null=False),
        Column("origin_outlet_id", "string", "Who wrote the lead.", links=("outlets",)),
        Column("first_published_on", "date32", "Its first dated telling."),
    ),
    "whole",
)
_WORDS_SHARED = Column(
    "words_shared",
    "double",
    "Share of the shorter one's words, weighted by rarity, that stand in the other.",
    null=False,
)
_NAMES_SHARED = Column(
    "names_shared", "double", "The same of names and numbers; 1 where there are too few to tell.", null=False
)
_NUMBERS_SHARED = Column(
    "numbers_shared",
    "double",
    "Share of the numbers in digits of the one that has fewer that stand in the other, both counted with one more.",
    null=False,
)
STORY_PAIRS = Table(
    "story_pairs",
    "The evidence for two articles telling one story.",
    ("article_id_a", "article_id_b"),
    (
        Column("article_id_a", "string", "The fullest telling, which the story's others are compared with; of equal texts the first.", null=False, links=("articles",)),
        Column("article_id_b", "string", "The copy.", null=False, links=("articles",)),
        Column("method", "string",
               "exact_text = the same text after cleaning; normalised_text = the same words in the same blocks; contained = the one is part of the other; near = edited.",
               values=("exact_text", "normalised_text", "contained", "near"), null=False),
        Column("score", "double", "0 to 1; 1 = all words of the shorter one stand in the other.", null=False),
        Column("shared_characters", "int32", "Characters of words that both have.", null=False),
        Column("contained", "string", "article_id of the one contained in the other; null where neither is much shorter.", links=("articles",)),
        _WORDS_SHARED, _NAMES_SHARED, _NUMBERS_SHARED,
    ),
    "whole",
)  # fmt: skip
REFUSED_PAIRS = Table(
    "refused_pairs",
    "Two articles with much text in common that were compared and not joined, and why.",
    ("article_id_a", "article_id_b"),
    (
        Column("article_id_a", "string", "The one with more words.", null=False, links=("articles",)),
        Column("article_id_b", "string", "The other.", null=False, links=("articles",)),
        Column("reason", "string",
               "passage = they share a passage, not the story; template = the same form with other names or numbers; round_up = the longer strings together pieces of unrelated articles.",
               values=("passage", "template", "round_up"), null=False),
        Column("runs_shared", "double", "Share of the shorter one's runs of three words that stand in the other.", null=False),
        _WORDS_SHARED, _NAMES_SHARED, _NUMBERS_SHARED,
    ),
    "whole",
)  # fmt: skip
FORCES = Table(
    "forces",
    "One armed force, as seeds/forces.csv knows it.",
    ("force_id",),
    (
        Column("force_id", "string", "Stable slug.", null=False),
        Column("name", "string", "Full English name.", null=False),
        Column("short_name", "string", "The name or abbreviation a headline would use."),
        Column("kind", "string", "What sort of force.",
               values=("state_military", "non_state", "militia", "coalition", "police", "umbrella", "generic"), null=False),
        Column("side", "string", "Whose side it fights on."),
        Column("parent_id", "string", "force_id of the force it belongs to.", links=("forces",)),
        Column("country_code", "string", "ISO 3166-1 alpha-2, where it belongs to one country."),
        Column("wikidata_id", "string", "Wikidata item."),
    ),
    "whole",
)  # fmt: skip
PLACES = Table(
    "places",
    "One place, from seeds/places.csv or the gazetteer.",
    ("place_id",),
    (
        Column("place_id", "string", "Stable slug.", null=False),
        Column("name", "string", "Usual English name.", null=False),
        Column("kind", "string", "What sort of place; town = any settlement.",
               values=("town", "governorate", "district", "region", "country", "river", "facility"), null=False),
        Column("country_code", "string", "ISO 3166-1 alpha-2."),
        Column("admin1", "string", "Governorate or province, by its common English name."),
        Column("admin2", "string", "District."),
        Column("latitude", "double", "Degrees north, WGS 84."),
        Column("longitude", "double", "Degrees east, WGS 84."),
        Column("geonames_id", "int64", "GeoNames id."),
        Column("population", "int64", "Inhabitants, where the source gives them."),
        Column("source", "string", "Where the row comes from: geonames, ocha, ucdp, hand (written for this project), or what a lexicon of yours says.", null=False),
    ),
    "whole",
)  # fmt: skip
OUTLETS = Table(
    "outlets",
    "One news outlet, as seeds/outlets.csv knows it.",
    ("outlet_id",),
    (
        Column("outlet_id", "string", "Stable slug.", null=False),
        Column("name", "string", "Name.", null=False),
        Column(
            "kind",
            "string",
            "What sort of outlet.",
            values=("newspaper", "broadcaster", "agency", "state_media", "website"),
            null=False,
        ),
        Column("country_code", "string", "ISO 3166-1 alpha-2 of its home."),
        Column("domain", "string", "Its web domain, without www."),
        Column("date_order", "string", "The order it prints numeric dates in.", values=("DMY", "MDY", "YMD")),
    ),
    "whole",
)
ORGANIZATIONS = Table(
    "organizations",
    "One monitor, charity, UN body or government office.",
    ("organization_id",),
    (
        Column("organization_id", "string", "Stable slug.", null=False),
        Column("name", "string", "Name.", null=False),
        Column(
            "kind",
            "string",
            "What sort of organization.",
            values=("monitor", "ngo", "un", "government", "other"),
            null=False,
        ),
        Column("country_code", "string", "ISO 3166-1 alpha-2, where it belongs to one country."),
    ),
    "whole",
)
ALIASES = Table(
    "aliases",
    "One spelling of one entity.",
    ("entity_id", "entity_type", "alias"),
    (
        Column("entity_id", "string", "force_id, place_id, outlet_id or organization_id.", null=False, links=ENTITIES),
        Column("entity_type", "string", "Which of them.", values=("force", "place", "outlet", "organization"), null=False),
        Column("alias", "string", "The spelling; a capital in it must be a capital in the text.", null=False),
        Column("alias_type", "string", "What sort of name it is.",
               values=("name", "short", "acronym", "variant", "former", "description", "gazetteer"), null=False),
        Column("is_weak", "boolean", "Whether it counts only with evidence in the article.", null=False),
        Column("requires", "string", "That evidence; see docs/lexicon.md. Empty = the entity itself by another name."),
        Column("source", "string", "Where the spelling comes from; hand = written for this project.", null=False),
    ),
    "whole",
)  # fmt: skip
REJECTS = Table(
    "rejects",
    "One input that could not be taken in.",
    ("source_uri", "document_id"),
    (
        _SOURCE_URI,
        Column("document_id", "string", "Its id, where its bytes could be read."),
        Column("stage", "string", "Where it failed: list = finding and reading the file, parse = making sense of it.", values=("list", "parse"), null=False),
        Column("reason", "string", "A short word.", null=False,
               values=("missing", "unreadable", "too_large", "empty", "binary", "encoding", "unknown_format", "too_deep", "damaged", "failed", "bomb", "nested", "unsafe_path", "encrypted", "no_text_column", "unsupported", "too_many")),
        Column("detail", "string", "What exactly.", null=False),
        Column("records", "int64", "How many records it stands for: 1, or where a container has more than 1,000 rejects of one kind, all that follow the first 1,000; source_uri then says from which to which."),
    ),
    "whole",
)  # fmt: skip
RUNS = Table(
    "runs",
    "One run of the pipeline.",
    ("run_id",),
    (
        Column("run_id", "string", "Start time and process, so that runs sort by time.", null=False),
        Column("started_at", "timestamp", "Start (UTC).", null=False),
        Column("ended_at", "timestamp", "End (UTC).", null=False),
        Column(
            "outcome",
            "string",
            "published = a new snapshot; unchanged = nothing new; failed = a check kept the old snapshot.",
            values=("published", "unchanged", "failed"),
            null=False,
        ),
        Column("snapshot", "string", "The snapshot that was current at the end.", null=False),
        Column("inputs", "int32", "Inputs looked at.", null=False),
        Column("added", "int32", "Inputs new to the warehouse.", null=False),
        Column("changed", "int32", "Inputs whose bytes are not what they were.", null=False),
        Column("unchanged", "int32", "Inputs already in the warehouse.", null=False),
        Column("removed", "int32", "Inputs gone and pruned.", null=False),
        Column("rejected", "int32", "Inputs that could not be taken in.", null=False),
        Column("documents", "int32", "Documents in the warehouse at the end.", null=False),
        Column("paragraphs", "int32", "Paragraphs in the warehouse at the end.", null=False),
        Column("paragraphs_kept", "int32", "Those that count.", null=False),
        Column("articles", "int32", "Articles in the warehouse at the end.", null=False),
        Column("stories", "int32", "Stories in the warehouse at the end.", null=False),
        Column("mentions", "int32", "Mentions in the warehouse at the end.", null=False),
        Column("documents_staged", "int32", "Documents read anew in this run.", null=False),
        Column("documents_read", "int32", "Documents whose names and records were read anew in this run.", null=False),
        Column("warwire_version", "string", "Version of this program.", null=False),
        Column("rules_version", "string", "Hash of the program's own rules.", null=False),
        Column("lexicon_hash", "string", "Hash of the lexicon.", null=False),
        Column("seconds_by_stage", "string", "JSON: seconds by stage.", null=False),
    ),
    "log",
)
CHECK_RESULTS = Table(
    "check_results",
    "What one check found at the end of one run that made or tried to make a snapshot.",
    ("run_id", "check_name"),
    (
        Column("run_id", "string", "The run.", null=False),
        Column("check_name", "string", "The check: a file of warehouse/sql/checks, or what is asked of a table as it is declared: its name and _keys, _values, _links or _spans.", null=False),
        Column("severity", "string", "fail = offending rows keep the old snapshot; warn = they are told.", values=("fail", "warn"), null=False),
        Column("about", "string", "What it asks.", null=False),
        Column("offending_rows", "int64", "Rows that should not be there.", null=False),
        Column("example", "string", "One of them."),
    ),
    "log",
)  # fmt: skip
MEASURES = Table(
    "measures",
    "One volume or share of the warehouse after one run that made a snapshot.",
    ("run_id", "measure"),
    (
        Column("run_id", "string", "The run.", null=False),
        Column("measure", "string", "What is measured: rows of a table, or the share of its rows that have a value.", null=False),
        Column("value", "double", "Rows, or a share from 0 to 1.", null=False),
        Column("before", "double", "What the run before measured."),
        Column("is_unusual", "boolean", "Whether it fell by more than a tenth (rows) or moved by more than five points (a share).", null=False),
    ),
    "log",
)  # fmt: skip
RUN_INPUTS = Table(
    "run_inputs",
    "What one run made of one input.",
    ("run_id", "source_uri"),
    (
        Column("run_id", "string", "The run.", null=False),
        _SOURCE_URI,
        Column("document_id", "string", "Its id, where its bytes could be read."),
        Column(
            "outcome",
            "string",
            "What became of it.",
            values=("added", "unchanged", "changed", "removed", "rejected"),
            null=False,
        ),
    ),
    "log",
)
