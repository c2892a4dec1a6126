"""Derive corpus/lexicon/divisions.tsv from the table in the PyPI package cpca, jieba's dictionary and counts in text.

    python eval/divisions/derive.py CPCA_RESOURCES OUT.tsv TEXT…

CPCA_RESOURCES holds adcodes.csv and 56_nations.csv; a TEXT is .txt, .jsonl or .jsonl.gz. The changes in amendments.tsv
are applied first; the verdicts of a person in reviewed.tsv go before every rule here.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import jieba

# fmt: off
COLUMNS = (
    "code", "name", "short_name", "level", "parent_code", "full_form", "short_form", "abbreviation", "not_in",
    "former_names",
)
# fmt: on
HERE = Path(__file__).parent
NATION = "100000"
PLACEHOLDERS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}  # rows that name no place
SHORT_NAMES = {  # where cutting the suffix does not give what people say
    "浦东新区": "浦东",
    "滨海新区": "滨海",
    "沈北新区": "沈北",
    "神农架林区": "神农架",
    "六枝特区": "六枝",
    "峰峰矿区": "峰峰",
    "鹰手营子矿区": "鹰手营子",
    "白云鄂博矿区": "白云鄂博",
    "井陉矿区": "井陉矿区",
    "东乡族自治县": "东乡",
    "鄂温克族自治旗": "鄂温克",
    "塔什库尔干塔吉克自治县": "塔什库尔干",
    "察布查尔锡伯自治县": "察布查尔",
    "阿克塞哈萨克族自治县": "阿克塞",
    "中沙群岛的岛礁及其海域": "中沙群岛",
}
FUNCTION_HEADS = "于从任和来到过向在今晋明宋唐汉清周浙赣鄂闽鲁湘"  # jieba has names and verses cut from running text
# fmt: off
ABBREVIATIONS = {
    "广东省": "粤", "浙江省": "浙", "江苏省": "苏", "山东省": "鲁", "湖南省": "湘", "湖北省": "鄂", "安徽省": "皖",
    "江西省": "赣", "福建省": "闽", "河南省": "豫", "河北省": "冀", "贵州省": "黔", "四川省": "川", "云南省": "滇",
    "海南省": "琼", "广西壮族自治区": "桂", "北京市": "京", "上海市": "沪", "重庆市": "渝", "广州市": "穗",
    "深圳市": "深", "湛江市": "湛", "东莞市": "莞", "杭州市": "杭", "宁波市": "甬", "成都市": "蓉",
}
# fmt: on


def level_of(code: str) -> str:
    return "province" if code.endswith("0000") else "city" if code.endswith("00") else "district"


def parent_of(code: str, names: dict[str, str]) -> str:
    city = code[:4] + "00"
    above = city if level_of(code) == "district" and city in names else code[:2] + "0000"
    return NATION if level_of(code) == "province" else above


def amend(names: dict[str, str]) -> dict[str, list[str]]:
    """Apply amendments.tsv to the names by code; returns the names each place took over from those before it.

    Raises:
        ValueError: a row does not fit the table as the rows before it left it.
    """
    with (HERE / "amendments.tsv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    gone: dict[str, str] = {}
    former: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        action, code, name, old = row["action"], row["code"], row["name"], row["old_code"]
        left = code if action == "abolish" else old
        if left in names:
            gone[left] = names.pop(left)
        if action != "abolish" and names.setdefault(code, name) != name:
            raise ValueError(f"{code} is {names[code]}: {row}")
        fits = {
            "add": not old and code not in gone,
            "rename": old in gone,
            "move": gone.get(old) == name,
            "abolish": gone.get(code) == name,
        }
        if not fits[action]:
            raise ValueError(f"Not to be applied: {row}")
        if action in ("rename", "move"):
            former[code] += [*former.pop(old, []), *([gone[old]] if action == "rename" else [])]
    for row in rows:
        if row["code"] in names and row["parent_code"] != parent_of(row["code"], names):
            raise ValueError(f"Lies in {parent_of(row['code'], names)}: {row}")
    return former


def short_name(name: str, level: str, nations: list[str]) -> str:
    """The name people use: without its suffix, and without the peoples of an autonomous place."""
    if name in SHORT_NAMES:
        return SHORT_NAMES[name]
    if level == "province":
        return re.sub(r"((壮族|回族|维吾尔)?自治区|特别行政区|省|市)$", "", name)
    autonomous = re.fullmatch(r"(.+?)自治[州县旗]", name)
    if autonomous:
        stem = autonomous[1]
        while people := next((n for n in nations if stem.endswith(n) and len(stem) - len(n) >= 2), None):
            stem = stem[: -len(people)]
        return stem
    stem = re.sub(r"(地区|盟|市)$" if level == "city" else r"[市县区旗]$", "", name)
    if len(stem) < 2 or re.search(r"[左右前后中]旗$|联合旗$", name):
        return name
    return stem


def strings(path: Path) -> Iterator[str]:
    """Every string of a text file or of the records of a JSONL file."""
    if path.suffix == ".txt":
        yield path.read_text(encoding="utf-8")
        return
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            values = [
                value
                for field in json.loads(line).values()
                for value in (field if isinstance(field, list) else [field])
            ]
            yield from (value for value in values if isinstance(value, str))


def count(names: set[str], texts: Iterator[str]) -> dict[str, Counter[str]]:
    """How each name occurs: as whole words of jieba ("word"), inside one ("inside") or across two ("straddle")."""
    by_head: dict[str, list[str]] = defaultdict(list)
    for name in names:
        by_head[name[:2]].append(name)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    seen: set[int] = set()
    for text in texts:
        found = [
            (i, n) for i in range(len(text) - 1) for n in by_head.get(text[i : i + 2], ()) if text.startswith(n, i)
        ]
        if not found or hash(text) in seen:
            continue
        seen.add(hash(text))
        words = {k: (start, end) for _, start, end in jieba.tokenize(text, HMM=False) for k in range(start, end)}
        for i, name in found:
            (start, end), (_, last) = words[i], words[i + len(name) - 1]
            whole = start == i and last == i + len(name)
            counts[name]["word" if whole else "inside" if last == end else "straddle"] += 1
    return counts


def short_form(level: str, seen: Counter[str], entry: tuple[int, str] | None) -> str:
    """The verdict where nobody has looked: see corpus/lexicon/README.md."""
    if level != "district":
        return "alone"
    frequency, tag = entry or (0, "ns")
    if seen["straddle"] * 5 >= seen["word"] and seen["straddle"]:
        return "adjacent" if seen["straddle"] >= 3 else "together"
    if not tag.startswith(("ns", "nr", "nz")) and frequency >= 30:
        return "adjacent" if frequency >= 100 else "together"
    return "alone"


def main(resources: Path, out: Path, text_files: list[Path]) -> None:
    with (resources / "adcodes.csv").open(encoding="utf-8") as table:
        names = {r["adcode"][:6]: r["name"] for r in csv.DictReader(table) if r["name"] not in PLACEHOLDERS}
    former = amend(names)
    nations = [
        *(resources / "56_nations.csv").read_text(encoding="utf-8").split(),
        "各族",
        "蒙古",
        "哈萨克",
        "柯尔克孜",
    ]
    nations.sort(key=len, reverse=True)
    shorts = {code: short_name(name, level_of(code), nations) for code, name in names.items()}
    with (Path(jieba.__file__).parent / "dict.txt").open(encoding="utf-8") as lines:
        dictionary = {word: (int(n), tag) for word, n, tag in (line.split() for line in lines)}
    counts = count(set(shorts.values()), (text for path in text_files for text in strings(path)))

    verdicts: dict[str, str] = {}
    blockers: dict[str, list[str]] = defaultdict(list)
    full_adjacent: set[str] = set()
    for line in (HERE / "reviewed.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        term, verdict, note = line.split("\t")
        if verdict == "not_in":
            blockers[term] += note.split()
        elif verdict == "full_adjacent":
            full_adjacent.add(term)
        else:
            verdicts[term] = verdict

    forms = {
        code: verdicts.get(s) or short_form(level_of(code), counts[s], dictionary.get(s)) for code, s in shorts.items()
    }
    provinces = {shorts[code] for code in names if level_of(code) == "province"}
    forms.update((c, "never") for c, s in shorts.items() if s in provinces and level_of(c) == "district")  # 天津河北区
    places = set(shorts.values()) | set(names.values())
    former = {c: [n for n in old if n not in full_adjacent | places] for c, old in former.items()}
    places.update(*former.values())
    bare = {s for code, s in shorts.items() if forms[code] == "alone"} | {
        n for n in names.values() if n not in full_adjacent
    }
    for word, (
        frequency,
        tag,
    ) in dictionary.items():  # longer words a name stands in, not at their head: 罗浮山, 马鞍山
        if frequency < 3 or tag == "nt" or tag.startswith("nr") or word[0] in FUNCTION_HEADS or word in places:
            continue
        if any(word[:n] in places for n in range(2, len(word))) or word.startswith(("中国", "中共", "首都")):
            continue
        for name in {word[i:j] for i in range(1, len(word) - 1) for j in range(i + 2, len(word) + 1)} & bare:
            blockers[name].append(word)

    rows = [(NATION, "中华人民共和国", "中国", "nation", "", "never", "never", "", "", "")]
    used: set[str] = set()
    for code in sorted(names):
        name, short, level = names[code], shorts[code], level_of(code)
        full_form = "adjacent" if name in full_adjacent else "alone"
        form = full_form if short == name else forms[code]
        terms = sorted({b for t in (name, short) if t not in used for b in blockers.get(t, ())} - places)
        used |= {name, short}
        row = (code, name, short, level, parent_of(code, names), full_form, form, ABBREVIATIONS.get(name, ""))
        rows.append((*row, " ".join(terms), " ".join(former.get(code, ()))))
    with out.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target, delimiter="\t", lineterminator="\n").writerows([COLUMNS, *rows])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [Path(a) for a in sys.argv[3:]])
