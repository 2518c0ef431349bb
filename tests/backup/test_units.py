"""The files for systemd: what may run the backup may do no more than what serves the site."""

import configparser

from tests.environment import ROOT


def unit(name):
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read_string((ROOT / "deploy" / name).read_text())
    return parser


SERVES = unit("aware-missouri.service")["Service"]
BACKS_UP = unit("aware-missouri-backup.service")["Service"]
OF_SERVING = {"ExecStart", "Restart", "RestartSec", "KillMode", "TimeoutStopSec"}


def test_the_backup_is_fenced_in_as_the_site_is(subtests):
    for name in sorted(set(SERVES) - OF_SERVING):
        with subtests.test(name=name):
            assert BACKS_UP[name] == SERVES[name]


def test_each_runs_what_it_says_and_the_timer_starts_it():
    python = SERVES["ExecStart"].split()[0]
    assert BACKS_UP["ExecStart"] == f"{python} manage.py backup"
    assert BACKS_UP["Type"] == "oneshot"
    timer = unit("aware-missouri-backup.timer")
    assert timer["Timer"]["Persistent"] == "true"
    assert timer["Install"]["WantedBy"] == "timers.target"
