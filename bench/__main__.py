"""``make bench``."""

from bench import erasure, journey, notice_page, notices, sweep, workers

for part in (notice_page, notices, journey, erasure, sweep, workers):
    for figure in part.measure():
        print(figure)
