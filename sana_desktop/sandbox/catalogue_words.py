"""The words of the exercise catalogue: subjects, topics and lessons of a company that trains its people.

A path is subject/topic/lesson, as the developer page has it ("subject/topic/lesson/unit").
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TopicWords:
    """One topic. `tags` are those that every exercise of it carries beside the subject's."""

    name: str
    tags: tuple[str, ...]
    lessons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SubjectWords:
    """One subject. `tags` are those that every exercise of it carries."""

    name: str
    tags: tuple[str, ...]
    topics: tuple[TopicWords, ...]


def _topic(name: str, tags: str, lessons: str) -> TopicWords:
    return TopicWords(name, tuple(tags.split()), tuple(lessons.split()))


SUBJECTS = (
    SubjectWords("compliance", ("Compliance",), (
        _topic("gdpr", "GDPR Privacy Mandatory", "personal-data lawful-bases rights-of-people breaches transfers"),
        _topic("anti-bribery", "Ethics Mandatory", "gifts third-parties officials records speaking-up"),
        _topic("money-laundering", "Finance", "know-your-customer red-flags sanctions reporting risk-ratings"),
        _topic("competition-law", "Legal", "cartels dominance trade-fairs mergers dawn-raids"),
        _topic("code-of-conduct", "Ethics Mandatory Onboarding", "respect conflicts assets social-media gifts"),
    )),
    SubjectWords("health-and-safety", ("Safety",), (
        _topic("fire-safety", "Mandatory", "alarms extinguishers evacuation prevention hot-work"),
        _topic("first-aid", "Certification", "resuscitation bleeding burns shock recovery-position"),
        _topic("chemicals", "Laboratory", "labels data-sheets storage spills gloves"),
        _topic("working-at-height", "Certification Site", "ladders harnesses scaffolds rescue weather"),
        _topic("forklifts", "Certification Warehouse", "daily-checks loads ramps pedestrians charging"),
    )),
    SubjectWords("information-security", ("Security",), (
        _topic("phishing", "Mandatory Onboarding", "links senders attachments urgency reporting"),
        _topic("passwords", "Mandatory Onboarding", "strength managers two-factor sharing recovery"),
        _topic("secure-coding", "Engineering", "injection secrets reviews dependencies sessions"),
        _topic("devices", "IT", "updates encryption lost-laptops public-networks usb-sticks"),
        _topic("incidents", "IT", "noticing containing reporting evidence learning"),
    )),
    SubjectWords("leadership", ("Leadership", "Managers"), (
        _topic("feedback", "People", "asking giving receiving timing difficult-talks"),
        _topic("coaching", "People", "listening questions goals follow-up silence"),
        _topic("delegation", "People", "trust scope checking-in priorities letting-go"),
        _topic("hiring", "People Recruiting", "job-adverts interviews bias references offers"),
        _topic("change", "Strategy", "reasons resistance plans communication review"),
    )),
    SubjectWords("sales", ("Sales",), (
        _topic("negotiation", "Customers", "preparation anchors concessions walking-away contracts"),
        _topic("discovery", "Customers", "open-questions pains budget decision-makers summaries"),
        _topic("forecasting", "Finance", "pipeline stages probability hygiene reviews"),
        _topic("pricing", "Product", "discounts bundles renewals competitors value"),
        _topic("demos", "Product", "stories audience objections next-steps remote"),
    )),
    SubjectWords("customer-service", ("Customers",), (
        _topic("complaints", "Frontline", "calming apologising solutions escalation follow-up"),
        _topic("writing", "Frontline", "tone structure plain-words templates proof-reading"),
        _topic("telephone", "Frontline", "greeting holding transferring noting closing"),
        _topic("refunds", "Finance Frontline", "rules evidence limits fraud exceptions"),
        _topic("accessibility", "Inclusion", "hearing sight language patience tools"),
    )),
    SubjectWords("data-skills", ("Data",), (
        _topic("spreadsheets", "Tools", "formulas references pivots charts checks"),
        _topic("sql", "Tools Engineering", "select joins grouping windows nulls"),
        _topic("statistics", "Analytics", "averages spread samples intervals correlation"),
        _topic("charts", "Analytics", "bars lines scales colour honesty"),
        _topic("responsible-ai", "AI Mandatory", "prompts bias privacy checking limits"),
    )),
    SubjectWords("onboarding", ("Onboarding",), (
        _topic("welcome", "Mandatory", "history values people places first-day"),
        _topic("tools", "IT", "mail calendar chat documents travel"),
        _topic("our-products", "Product", "platform plans customers roadmap support"),
        _topic("ways-of-working", "Culture", "meetings goals feedback hybrid wellbeing"),
        _topic("inclusion", "Culture Inclusion", "language bias allyship holidays adjustments"),
    )),
)  # fmt: skip

# The kind of exercise, and when it was last gone over: every exercise has one of each.
FORMATS = ("Quiz", "Quiz", "Scenario", "Scenario", "Ordering", "Matching", "FillIn")
YEARS = ("Year2024", "Year2025", "Year2025", "Year2026", "Year2026", "Year2026")
EXTRA_TAG, EXTRA_SHARE = "Refresher", 0.2
