"""Parameters that several functions share: written once, as the fields of a dataclass."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar

T = TypeVar("T")


def add_parameters(
    function: Callable[..., T], shared: type[Any], names: Iterable[str], **defaults: Any
) -> Callable[..., T]:
    """Return a function whose signature is that of `function` with fields of `shared` behind its own.

    `function` gets them as one object, in the place of its first parameter. All parameters are by keyword.
    `names` are the fields to add; `defaults` replace theirs. Typer and Prefect read such a signature.
    """
    _, *own = inspect.signature(function, eval_str=True).parameters.values()
    fields = inspect.signature(shared, eval_str=True).parameters
    added = [fields[name].replace(default=defaults.get(name, fields[name].default)) for name in names]

    @wraps(function)
    def with_shared(**given: Any) -> T:
        return function(shared(**{field.name: given.pop(field.name) for field in added}), **given)

    with_shared.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [p.replace(kind=p.KEYWORD_ONLY) for p in (*own, *added)]
    )
    return with_shared
