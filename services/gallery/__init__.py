"""A place to look: the generations as pages, served to people's browsers or written as files.

`source` asks the stores, `records` is what is shown of the answers, `pages` makes HTML of it.
"""
