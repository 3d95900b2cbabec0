"""Tables of those who are named, and of their names."""

from __future__ import annotations

from transforms.schema import ENTITIES, Column, Table

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
