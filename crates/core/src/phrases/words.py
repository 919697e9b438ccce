"""Makes words.txt from jieba's dictionary: python3 words.py path/to/dict.txt (of jieba 0.42.1, MIT)."""

import math
import re
import sys
from pathlib import Path

HAN = re.compile(r"^[\u4e00-\u9fff]{1,6}$")
# Rare words of the site's subject are kept, too.
SUBJECT = re.compile("专利|商标|版权|著作|产权|质押|侵权|维权|融资|假冒")


def is_kept(word: str, frequency: int) -> bool:
    least = 3 if len(word) == 1 else 20
    return bool(HAN.match(word)) and (frequency >= least or len(word) > 1 and bool(SUBJECT.search(word)))


rows = [line.split(" ")[:2] for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()]
counted = [(word, int(frequency)) for word, frequency in rows]
total = sum(frequency for _, frequency in counted)
lines = sorted(f"{w}{round(4 * math.log(total / max(f, 1)))}".encode() for w, f in counted if is_kept(w, f))
Path(__file__).with_name("words.txt").write_bytes(b"\n".join(lines) + b"\n")
