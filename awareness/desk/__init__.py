"""The publishing desk: working copies, checking, timing, history, and who did what.

It knows neither of the two apps: their admins build on ``DeskAdmin``, and all that it stores
lies in tables of ``awareness``, so that nothing on the desk changes a public page.
"""
