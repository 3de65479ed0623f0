"""下载我的数据: what a person takes along before closing (二.2; PIPL 45)."""
