"""What can be wrong with what the evaluation is given.

EvalError             base; its text is Norwegian and says what to mend
├── QuestionsError    a question file is missing, empty, or one of its lines is wrong
├── ThresholdsError   thresholds.toml is broken or names a measure that does not exist
└── ReportError       an earlier report cannot be read, or the new one cannot be written
"""

from __future__ import annotations


class EvalError(Exception):
    """Base of all errors in this room; the message is for a person, in Norwegian."""


class QuestionsError(EvalError):
    """Names the file, the line and the field that is wrong."""


class ThresholdsError(EvalError):
    """Names the table and the key that is wrong."""


class ReportError(EvalError):
    """The JSON of an earlier run is not one, or a report's file cannot be written."""
