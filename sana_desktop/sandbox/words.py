"""The words the company is made of: people's names by country, departments, course topics, cities, groups."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

MAIL_DOMAIN = "nordlys-group.example"

_LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "ł": "l", "ß": "ss", "ı": "i", "đ": "d", "ð": "d", "þ": "th", "'": "", "’": "", " ": ""}
)
# How people with these names write themselves in a mail address.
_ROMANISED = {
    "葵": "aoi", "蓮": "ren", "結衣": "yui", "大翔": "hiroto", "美咲": "misaki", "健太": "kenta",
    "さくら": "sakura", "翔太": "shota", "佐藤": "sato", "鈴木": "suzuki", "高橋": "takahashi",
    "田中": "tanaka", "渡辺": "watanabe", "伊藤": "ito", "山本": "yamamoto", "中村": "nakamura",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """One country of the company. `weight` is its share of people; names are as people write them."""

    country: str
    language: str
    cities: tuple[str, ...]
    weight: int
    first: tuple[str, ...]
    last: tuple[str, ...]
    family_name_first: bool = False


def romanised(name: str) -> str:
    """The name in plain small letters, for a mail address."""
    plain = unicodedata.normalize("NFKD", _ROMANISED.get(name, name).lower().translate(_LETTERS))
    return "".join(letter for letter in plain if letter.isascii() and (letter.isalpha() or letter == "-"))


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


PLACES = (
    Place(
        "Sweden", "sv", ("Stockholm", "Göteborg", "Malmö"), 22,
        _names("Anna|Erik|Maja|Lars|Åsa|Johan|Elin|Oskar|Ingrid|Nils|Freja|Gustav|Linnéa|Viktor|Märta|Björn"),
        _names("Andersson|Johansson|Lindqvist|Sjöberg|Nyström|Åkesson|Holm|Bergström|Ekman|Öberg|Dahl|Sandström"),
    ),
    Place(
        "Norway", "nb", ("Oslo", "Bergen"), 7,
        _names("Ingrid|Bjørn|Sigrid|Øyvind|Kari|Magnus|Solveig|Håkon|Nora|Jørgen|Astrid|Sindre"),
        _names("Hansen|Bjørnstad|Lie|Sørensen|Moen|Haugen|Bakke|Østby|Strand|Nilsen"),
    ),
    Place(
        "Denmark", "da", ("København", "Aarhus"), 7,
        _names("Søren|Mette|Rasmus|Freja|Anders|Kirsten|Mikkel|Signe|Jens|Line|Thøger|Asta"),
        _names("Jensen|Kjær|Nielsen|Østergaard|Møller|Skov|Holst|Bruun|Lund|Winther"),
    ),
    Place(
        "Finland", "fi", ("Helsinki", "Tampere"), 5,
        _names("Aino|Väinö|Eero|Päivi|Jukka|Sanna|Mikko|Hanna|Antti|Tuuli"),
        _names("Virtanen|Mäkinen|Nieminen|Hämäläinen|Laine|Heikkilä|Koskinen|Järvinen"),
    ),
    Place(
        "Germany", "de", ("Berlin", "München", "Köln"), 14,
        _names("Lukas|Marie|Jürgen|Sophie|Felix|Käthe|Jonas|Lena|Björn|Annika|Matthias|Ülkü|Heike|Tobias"),
        _names("Müller|Schröder|Weiß|Köhler|Fischer|Bauer|Jäger|Krüger|Vogt|Böhm|Hoffmann|Groß"),
    ),
    Place(
        "United Kingdom", "en", ("London", "Manchester", "Edinburgh"), 13,
        _names("Oliver|Amelia|Siân|Harry|Zoë|George|Chloë|Imran|Fiona|Callum|Priya|Grace|Niamh|Rhys"),
        _names("Smith|O'Brien|Patel|Jones|Fitzgerald|Khan|MacLeod|Okafor|Taylor|Wright|Hughes|D'Souza"),
    ),
    Place(
        "France", "fr", ("Paris", "Lyon"), 7,
        _names("Chloé|Hélène|François|Zoé|Théo|Anaïs|Benoît|Inès|Jérôme|Maëlle|Gaël|Léa"),
        _names("Martin|Lefèvre|Durand|Beaulieu|Fournier|Gérard|Moreau|N'Diaye|Le Goff|Béranger"),
    ),
    Place(
        "Spain", "es", ("Madrid", "Barcelona"), 6,
        _names("Lucía|José|María|Íñigo|Sofía|Andrés|Núria|Álvaro|Begoña|Jesús"),
        _names("García|Muñoz|Fernández|Ibáñez|Núñez|Ortiz|Peña|Castaño|Vázquez|Roca"),
    ),
    Place(
        "Poland", "pl", ("Warszawa", "Kraków"), 6,
        _names("Łukasz|Zofia|Paweł|Małgorzata|Jakub|Agnieszka|Michał|Kinga|Grzegorz|Ścibor"),
        _names("Kowalski|Wiśniewska|Wójcik|Zieliński|Dąbrowska|Łuczak|Król|Piątek"),
    ),
    Place(
        "United States", "en", ("Boston", "Austin", "Seattle"), 12,
        _names("Emma|Liam|Jasmine|Noah|Renée|Mateo|Ava|Darnell|Grace|Wei|Hannah|Tyrone|Beyza|Caleb"),
        _names("Johnson|Nguyen|Williams|Martínez|Brown|Kim|Davis|O’Connor|Washington|Lee|Novak|Garcia"),
    ),
    Place(
        "India", "en", ("Bengaluru", "Pune"), 8,
        _names("Aarav|Ananya|Rohan|Kavya|Vikram|Meera|Arjun|Divya|Sanjay|Isha"),
        _names("Sharma|Iyer|Gupta|Reddy|Nair|Mehta|Banerjee|Singh|Kulkarni|Chatterjee"),
    ),
    Place(
        "Japan", "ja", ("東京", "大阪"), 3,
        _names("葵|蓮|結衣|大翔|美咲|健太|さくら|翔太"),
        _names("佐藤|鈴木|高橋|田中|渡辺|伊藤|山本|中村"),
        family_name_first=True,
    ),
)  # fmt: skip

DEPARTMENTS = (
    ("Engineering", ("Software Engineer", "Senior Software Engineer", "QA Engineer", "Engineering Manager")),
    ("Customer Success", ("Customer Success Manager", "Onboarding Specialist", "Support Agent")),
    ("Sales", ("Account Executive", "Sales Development Representative", "Sales Manager")),
    ("Operations", ("Operations Specialist", "Warehouse Lead", "Site Coordinator", "Shift Manager")),
    ("Finance", ("Controller", "Accountant", "Payroll Specialist")),
    ("People", ("HR Business Partner", "Recruiter", "Learning Specialist")),
    ("Legal & Compliance", ("Legal Counsel", "Compliance Officer", "Data Protection Officer")),
    ("Marketing", ("Content Editor", "Brand Manager", "Marketing Analyst")),
    ("IT", ("IT Support Technician", "System Administrator", "Security Analyst")),
    ("Research & Development", ("Researcher", "Laboratory Technician", "R&D Manager")),
)

# title, category, mandatory, minutes, months the certificate is valid (None: for ever), taught in a room
TOPICS: tuple[tuple[str, str, bool, int, int | None, bool], ...] = (
    ("GDPR essentials", "Compliance", True, 45, 12, False),
    ("Anti-bribery and corruption", "Compliance", True, 40, 12, False),
    ("Code of conduct", "Compliance", True, 30, 12, False),
    ("Fire safety", "Health & safety", True, 90, 24, True),
    ("First aid", "Health & safety", True, 240, 24, True),
    ("Health, safety and environment", "Health & safety", True, 60, 12, False),
    ("Manual handling", "Health & safety", True, 120, 36, True),
    ("Working at height", "Health & safety", True, 240, 36, True),
    ("Forklift driving", "Health & safety", True, 480, 60, True),
    ("Chemical safety", "Health & safety", True, 90, 24, True),
    ("Information security awareness", "Security", True, 35, 12, False),
    ("Phishing and social engineering", "Security", True, 20, 6, False),
    ("Secure coding", "Security", False, 180, 24, False),
    ("Whistleblowing: how to speak up", "Compliance", True, 15, 24, False),
    ("Anti-money laundering", "Compliance", True, 60, 12, False),
    ("Sanctions and export control", "Compliance", True, 45, 12, False),
    ("Conflicts of interest", "Compliance", True, 20, 24, False),
    ("Competition law", "Compliance", True, 40, 24, False),
    ('The "four eyes" principle', "Compliance", False, 15, None, False),
    ("Preventing harassment", "Compliance", True, 50, 24, False),
    ("Diversity, equity and inclusion", "Culture", False, 60, None, False),
    ("Onboarding: welcome to Nordlys", "Onboarding", True, 120, None, False),
    ("Onboarding: your first 90 days", "Onboarding", False, 60, None, False),
    ("Leadership foundations", "Leadership", False, 960, None, True),
    ("Feedback that lands", "Leadership", False, 180, None, True),
    ("Coaching conversations", "Leadership", False, 240, None, True),
    ("Project management basics", "Skills", False, 480, None, True),
    ("Negotiation", "Skills", False, 360, None, True),
    ("Presentation skills", "Skills", False, 240, None, True),
    ("SQL for analysts", "Skills", False, 300, None, False),
    ("Spreadsheets that do not lie", "Skills", False, 150, None, False),
    ("Writing for the web", "Skills", False, 90, None, False),
    ("Prompting and responsible AI", "Skills", True, 45, 12, False),
    ("Product knowledge: platform", "Product", False, 120, 12, False),
    ("Product knowledge: pricing", "Product", False, 60, 6, False),
    ("Customer complaints", "Skills", False, 75, None, False),
    ("Food hygiene (HACCP)", "Health & safety", True, 120, 24, True),
    ("Mental health at work", "Culture", False, 45, None, False),
)
# ending of the title, share of the length
EDITIONS = (("", 1.0), (" for managers", 1.5), (" – refresher", 0.4))

PROGRAMS = (
    "New starter programme", "Compliance 2024", "Compliance 2025", "Compliance 2026", "Leadership journey",
    "Site safety certificate", "Sales academy", "Engineering guild", "Data literacy", "Customer first",
    "Security champions", "Graduate programme",
)  # fmt: skip

# Names as admins really give them, the awkward ones too.
GROUPS = (
    "All managers", "Works council", "Evacuation leaders", "First aiders", "Night shift", "@Stockholm office",
    "-Archived- Interns 2024", "=Sales EMEA", "+46 call centre", "Parental leave", "Contractors, external",
    "Pilot \"Spring\"", "Équipe Lyon", "R&D <labs>", "007 security", "Beta testers",
)  # fmt: skip
