"""``make bench``."""

from bench import erasure, journey, notice_page, notices

for part in (notice_page, notices, journey, erasure):
    for figure in part.measure():
        print(figure)
