"""``make bench``."""

from bench import erasure, evidence, journey, notice_page, notices

for part in (notice_page, notices, journey, erasure, evidence):
    for figure in part.measure():
        print(figure)
