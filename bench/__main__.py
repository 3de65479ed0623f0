"""``make bench``."""

from bench import erasure, journey, notice_page

for part in (notice_page, journey, erasure):
    for figure in part.measure():
        print(figure)
