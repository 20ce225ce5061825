//! Columns, text and the naive evaluator give one answer, for records of any shape.
