"""Where links lead, worked out on names alone: nothing is opened, and no link is followed."""

from collections.abc import Iterable, Iterator, Mapping

# As many links as Linux follows in one path.
MOST_HOPS = 40
PARENT = ".."


class LeadsOut(Exception):  # noqa: N818 - what a link does, not a mistake of ours
    """A link, or one that it leads through, goes above the folder that holds them all."""


def destination(path: str, links: Mapping[str, str]) -> str | None:
    """Where a link at `path` ends, among `links` (path → what is written in it), all relative.

    Empty for the folder itself, None for links that lead to each other for ever. What is not there
    counts as a plain folder. Raises LeadsOut.
    """
    pending = path.split("/")[::-1]
    place: list[str] = []
    hops = 0
    while pending:
        part = pending.pop()
        if part in ("", "."):
            continue
        if part == PARENT:
            if not place:
                raise LeadsOut(path)
            place.pop()
            continue
        place.append(part)
        written = links.get("/".join(place))
        if written is None:
            continue
        if written.startswith("/"):
            raise LeadsOut(path)
        hops += 1
        if hops > MOST_HOPS:
            return None
        place.pop()
        pending += written.split("/")[::-1]
    return "/".join(place)


def circular(folders: Mapping[str, str]) -> list[str]:
    """The links to leave out so that whoever follows all others comes to an end.

    `folders` are the links that lead to folders: path → the folder, empty for the whole project.
    """
    kept: dict[str, str] = {}
    left_out = []
    for path in sorted(folders):
        if _comes_back(path, {**kept, path: folders[path]}):
            left_out.append(path)
        else:
            kept[path] = folders[path]
    return left_out


def _comes_back(path: str, folders: Mapping[str, str]) -> bool:
    """Whether who goes through the link at `path` can come to it again."""
    seen: set[str] = set()
    pending = [path]
    while pending:
        for below in _links_below(folders[pending.pop()], folders):
            if below == path:
                return True
            if below not in seen:
                seen.add(below)
                pending.append(below)
    return False


def _links_below(folder: str, links: Iterable[str]) -> Iterator[str]:
    start = f"{folder}/" if folder else ""
    return (link for link in links if link.startswith(start))
