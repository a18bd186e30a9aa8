"""What k6 of a version will run with: the layers put together, each value in the form that k6 itself writes."""

from k6cfg.k6.effective.cloud import FIRST_WINS, cloud_settings
from k6cfg.k6.effective.env import HOSTS_BY_VARIABLE_END, START, layer_of_variables
from k6cfg.k6.effective.faults import Fault, without_quotes
from k6cfg.k6.effective.layers import DEFAULT, ENV, FILE, SCRIPT, Effective, Layer, Lost, consolidate, layer_of
from k6cfg.k6.effective.normalize import go_duration, normal
from k6cfg.k6.effective.runtime_variables import runtime_fault, runtime_faults

__all__ = [
    "DEFAULT",
    "ENV",
    "FILE",
    "FIRST_WINS",
    "HOSTS_BY_VARIABLE_END",
    "SCRIPT",
    "START",
    "Effective",
    "Fault",
    "Layer",
    "Lost",
    "cloud_settings",
    "consolidate",
    "go_duration",
    "layer_of",
    "layer_of_variables",
    "normal",
    "runtime_fault",
    "runtime_faults",
    "without_quotes",
]
