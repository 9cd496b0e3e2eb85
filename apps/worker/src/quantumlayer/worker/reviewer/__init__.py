"""The reviewer: one reading of the whole by somebody who wrote none of it."""
