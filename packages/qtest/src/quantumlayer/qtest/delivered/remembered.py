"""What a service has answered, so that later questions can name it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from quantumlayer.qtest.delivered.operations import PARAMETER, Operation

TOKENS = ("access_token", "accessToken", "token", "id_token", "jwt")
SUFFIXES = ("_id", "Id", "_uuid", "Uuid", "_slug", "ID")


@dataclass
class Remembered:
    """Documents by the collection that they were created in, and the token that was given."""

    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    token: str = ""

    def learn(self, one: Operation, path: str, answer: object) -> None:
        """Take what the answer to a good request tells."""
        if isinstance(answer, list) and answer and one.method == "get":
            answer = answer[0]
        if not isinstance(answer, dict):
            return
        self.token = token_in(answer) or self.token
        if one.method == "post":
            self.documents[path] = answer
        elif one.method == "get":
            self.documents.setdefault(path, answer)

    def value(self, path: str, name: str) -> object:
        """What a parameter of a path stands for, None where nobody has told.

        `path` is the one with everything filled in that stands before it.
        """
        collection = path.partition("{")[0].rstrip("/")
        created = self.documents.get(collection)
        return field_for(created, name) if created is not None else self.foreign(name)

    def foreign(self, name: str) -> object:
        """The key of something that a field points to by its name, such as `board_id`."""
        base = next((name.removesuffix(end) for end in SUFFIXES if name.endswith(end)), "")
        for path, document in self.documents.items() if base else ():
            noun = PARAMETER.sub("", path).rstrip("/").rpartition("/")[2]
            if noun.lower().replace("-", "_").rstrip("s") == base.lower().rstrip("s"):
                return field_for(document, name)
        return None


def token_in(answer: Mapping[str, Any]) -> str:
    """What an answer gives to whoever has signed in, empty where it gives nothing."""
    return next((answer[name] for name in TOKENS if isinstance(answer.get(name), str)), "")


def field_for(document: dict[str, Any], name: str) -> object:
    """The field of a document that a parameter means."""
    names = [name, "id", "uuid", "slug", "key", "code", "name"]
    ends = [end.lstrip("_").lower() for end in SUFFIXES if name.endswith(end)]
    return next((document[each] for each in [*names[:1], *ends, *names[1:]]
                 if isinstance(document.get(each), str | int)), None)  # fmt: skip
