"""``make bench``."""

from bench import erasure, evidence, journey, notice_page, notices, sweep, workers

for part in (notice_page, notices, journey, erasure, evidence, sweep, workers):
    for figure in part.measure():
        print(figure)
