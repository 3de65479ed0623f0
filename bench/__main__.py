"""``make bench``."""

from bench import download, erasure, evidence, journey, notice_page, notices, sweep, workers

for part in (notice_page, notices, journey, erasure, download, evidence, sweep, workers):
    for figure in part.measure():
        print(figure)
