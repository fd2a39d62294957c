"""Compositions: what is portrayed, changed before the medium paints it: carved, cast, dissolving, elsewhere.

A composition works on what is known of the portrait: its figure, the relief of the head, its hair and features.
It reads no words and draws no strokes; a medium paints what it leaves.
"""
