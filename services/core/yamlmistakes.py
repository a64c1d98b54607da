"""A pydantic mistake in the words of the person who wrote the file: what, at which line and column, how to mend it."""

import json
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher, get_close_matches
from typing import Any, Literal, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError, create_model
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from services.core.errors import UserError
from services.core.mistakes import RULE, in_words, merged, shown
from services.core.yamlforms import form_of
from services.core.yamlplaces import models_in, place_of

Loc = Sequence[int | str]


def told(error: ValidationError, root: yaml.Node, model: type[BaseModel], where: str) -> list[UserError]:
    """Each mistake as a ``UserError``, placed at the nearest node that stands in the file, in the file's order."""
    placed = []
    for mistake in merged(
        _of_their_own([_of_tag(each) for each in error.errors(include_url=False)]), lambda loc: _in_file(root, loc)
    ):
        loc = mistake["loc"]
        mark = _mark(root, loc, key=mistake["type"] == "extra_forbidden")
        place = f"{where}:{mark.line + 1}:{mark.column + 1}"
        placed.append((mark.index, UserError(_what(mistake, loc), place, _mend(mistake, loc, model, root))))
    return [mistake for _, mistake in sorted(placed, key=lambda pair: pair[0])]


def _of_tag(mistake: ErrorDetails) -> ErrorDetails:
    """A wrong or missing word that tells which of several forms is meant, as any other such word."""
    if mistake["type"] not in ("union_tag_invalid", "union_tag_not_found"):
        return mistake
    loc, told = (*mistake["loc"], mistake["ctx"]["discriminator"].strip("'")), mistake["ctx"]
    if mistake["type"] == "union_tag_not_found":
        return {**mistake, "type": "missing", "loc": loc, "msg": "Field required"}
    expected = {"expected": told["expected_tags"]}
    message = f"Input should be one of {told['expected_tags']}"
    return {"type": "literal_error", "loc": loc, "msg": message, "input": told["tag"], "ctx": expected}


def _of_their_own(mistakes: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """Without lists that are only too short because something in them was refused."""

    def follows(mistake: ErrorDetails) -> bool:
        loc = mistake["loc"]
        return mistake["type"] == "too_short" and any(
            len(other["loc"]) > len(loc) and other["loc"][: len(loc)] == loc for other in mistakes
        )

    return [mistake for mistake in mistakes if not follows(mistake)]


def _in_file(root: yaml.Node, loc: Loc) -> tuple[int | str, ...]:
    """The parts of ``loc`` that lead to a node."""
    node, found = root, []
    for part in loc:
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
        elif isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == str(part)), None)
            if pair is None:
                continue
            node = pair[1]
        else:
            continue
        found.append(part)
    return tuple(found)


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that was probably meant."""
    found = get_close_matches(word.lower(), list(choices), n=1, cutoff=0.6)
    return found[0] if found else None


def _as_near(word: str, choices: Sequence[str]) -> list[str]:
    """The choice that was probably meant, and any other that is as near: nobody but the writer knows which."""
    found = get_close_matches(word.lower(), choices, n=3, cutoff=0.6)
    alike = [SequenceMatcher(a=each, b=word.lower()).ratio() for each in found]
    return sorted(each for each, ratio in zip(found, alike, strict=True) if ratio == alike[0])


def _what(mistake: ErrorDetails, loc: Loc) -> str:
    name = ".".join(str(part) for part in loc)
    if mistake["type"] == "extra_forbidden":
        return f"there is no key {loc[-1]!r}"
    if mistake["type"] == "missing":
        return f"the key {loc[-1]!r} is missing"
    if mistake["type"] in {"model_type", "model_attributes_type"}:
        return f"{name or 'the file'} should be keys with values"
    message = mistake["msg"].removeprefix("Value error, ")
    if mistake["type"] == "value_error" or not RULE.match(message):
        return f"{name}: {message}" if name else message
    return f"{name or 'the file'} is {shown(mistake['input'])}"


def _mend(mistake: ErrorDetails, loc: Loc, model: type[BaseModel], root: yaml.Node) -> str:
    """How it would be right, with a line that is."""
    if mistake["type"] == "extra_forbidden":
        of_branch = len(_in_file(root, loc[:-1])) < len(loc) - 1  # it may well be a key of another branch
        if not of_branch and (place := place_of(model, root, loc)):
            return place
        return _right_key(mistake, _model_at(model, loc[:-1]), _standing_beside(root, loc))
    if mistake["type"] == "missing":
        return _shown_by(f"Add {loc[-1]!r} here", form_of(model, loc))
    if mistake["type"] in ("literal_error", "enum"):
        choices = [part.strip(" '") for part in mistake["ctx"]["expected"].replace(" or ", ", ").split(",")]
        close = nearest(str(mistake["input"]), choices)
        form = f"{loc[-1]}: {close or choices[0]}" if isinstance(loc[-1], str) else ""
        of_words_alone = mistake["msg"].endswith(mistake["ctx"]["expected"])
        if not (close or of_words_alone):  # a number or one of the words
            return _shown_by(f"It {in_words(mistake['msg'][mistake['msg'].index('should') :])}", form_of(model, loc))
        return _shown_by(f"Write {close!r}" if close else f"Write one of {', '.join(choices)}", form)
    if mistake["type"] == "value_error":  # it says itself what is right; a line says how that is written
        return _shown_by("", form_of(model, loc)) if any(isinstance(part, str) for part in loc) else ""
    if mistake["type"] in {"model_type", "model_attributes_type"}:
        return _shown_by("", form_of(model, loc))
    rule = RULE.match(mistake["msg"])
    return _shown_by(f"It {in_words(mistake['msg'][rule.start('rule') :])}" if rule else "", form_of(model, loc))


def _right_key(mistake: ErrorDetails, model: type[BaseModel], beside: frozenset[str]) -> str:
    """Which key of the model was meant by one that it has not; ``beside`` are those that the file has there."""
    fields = _fields(model)
    meant = _as_near(str(mistake["loc"][-1]), sorted(fields))
    meant = [each for each in meant if each not in beside] or meant
    meant = [each for each in meant if _takes(model, fields[each], mistake["input"])] or meant
    if not meant:
        return f"Remove it; the keys here are {', '.join(sorted(fields))}"
    if len(meant) == 1:
        return f"Write {meant[0]!r}"  # what stands behind the misspelt key is most likely right
    told = (f"{each!r} ({fields[each].description})" if fields[each].description else repr(each) for each in meant)
    return f"Write {' or '.join(told)}"


def _takes(model: type[BaseModel], field: FieldInfo, value: Any) -> bool:
    """Whether a key of the model may have that value."""
    alone = create_model("Alone", __config__=model.model_config, value=(field.annotation or Any, field))
    try:
        alone.model_validate_json(json.dumps({field.alias or "value": value}))
    except ValidationError:
        return False
    return True


def _standing_beside(root: yaml.Node, loc: Loc) -> frozenset[str]:
    """The other keys of the mapping in which the last key of ``loc`` stands."""
    node = root
    for part in _in_file(root, loc[:-1]):
        inside = node.value
        node = inside[part] if isinstance(part, int) else next(value for key, value in inside if key.value == part)
    return frozenset(key.value for key, _ in node.value if key.value != str(loc[-1]))


def _shown_by(mend: str, form: str) -> str:
    return ". ".join(part for part in (mend, f"For example: '{form}'" if form else "") if part)


def _mark(root: yaml.Node, loc: Loc, key: bool) -> Any:
    """Where the mistake stands: the value, the key itself when ``key``, or the innermost part that exists."""
    node, mark = root, root.start_mark
    for depth, part in enumerate(loc):
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            mark = node.start_mark
        elif isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == str(part)), None)
            if pair is None:
                continue  # a missing key, or the name of a union's member, which no file contains
            node = pair[1]
            mark = pair[0].start_mark if key and depth == len(loc) - 1 else node.start_mark
    return mark


def _model_at(model: type[BaseModel], loc: Loc) -> type[BaseModel]:
    """The model that stands at ``loc``, as far as annotations tell."""
    if "root" in model.model_fields:  # a file that is a list of models
        model = next(iter(models_in(model.model_fields["root"].annotation)), model)
    candidates = [model]
    for part in loc:
        if meant := [each for each in candidates if part == each.__name__ or part in _tags(each)]:
            candidates = meant
            continue
        fields = [f for each in candidates for name, f in each.model_fields.items() if part in (name, f.alias)]
        candidates = [inner for field in fields for inner in models_in(field.annotation)] or candidates
    return candidates[0]


def _tags(model: type[BaseModel]) -> set[object]:
    """The words by which a form is told from others that may stand in its place."""
    annotations = (field.annotation for field in model.model_fields.values())
    return {word for each in annotations if get_origin(each) is Literal for word in get_args(each)}


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """What may stand in the model, by its keys in a file."""
    return {field.alias or name: field for name, field in model.model_fields.items()}
