"""A layered drawing of a graph whose nodes stand in groups: every node to the right of what it uses.

layers      the column of each node, and the places where a longer edge passes through a column
ordering    the order within each column, with few crossings
placing     the coordinates: every group a band, edges as level as they can be
"""
