# SPDX-License-Identifier: MIT
"""python -m gapwright VERB ...: the program."""

from gapwright_programs import gapwright

gapwright()
