"""The forms of the user's files as JSON Schema, so that an editor completes keys and marks what is wrong."""

from typing import Any

from pydantic import BaseModel

from services.core.rules.book import RuleFile
from services.engagement.campaign import Campaign
from services.trading.strategy import Strategy

DRAFT = "https://json-schema.org/draft/2020-12/schema"
FORMS: dict[str, type[BaseModel]] = {"strategy": Strategy, "rules": RuleFile, "campaign": Campaign}


def schema_of(form: str) -> dict[str, Any]:
    """The schema of files of that form, each member of a union told by its ``kind``; raises ``KeyError``."""
    return {"$schema": DRAFT, **FORMS[form].model_json_schema(), "title": f"Dreamscape {form}"}
