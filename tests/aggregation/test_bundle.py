"""Bundles: what is written is computed again to the same, and what is changed, hostile or broken is told."""

from __future__ import annotations

import json
import warnings
import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregation import METHODS, FormatError, MethodError, Profile, recompute, write_bundle
from aggregation.bundle_members import LARGEST
from tests.aggregation.strategies import profiles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BALLOTS = Profile.from_orders(
    ["abc", "bca", ["c", ("a", "b")], "ab"],
    unranked="last",
    names=["A?", "B?", "Ç, “quoted”?"],
    sides=["lived", "staff", "staff", "lived"],
    shares={"lived": "2/3", "staff": "1/3"},
    groups=["patients", "nurses", "nurses", "carers"],
    weights=[1, 2, 1, 1],
)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "run.zip"
    write_bundle(path, BALLOTS, "borda")
    return path


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewrite(path: Path, **changed: bytes | None) -> None:
    """The same bundle with a member replaced, or left out."""
    kept = members(path) | {name.replace("_", "."): data for name, data in changed.items()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in kept.items():
            if data is not None:
                archive.writestr(name, data)


def say(path: Path, **entries: object) -> None:
    """The same bundle with other entries in `run.json`; `...` leaves one out."""
    run = json.loads(members(path)["run.json"]) | entries
    rewrite(path, run_json=json.dumps({key: value for key, value in run.items() if value is not ...}).encode())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(profile=profiles(), data=st.data())
def test_what_is_written_is_computed_to_the_same(tmp_path: Path, profile: Profile, data: st.DataObject) -> None:
    method = data.draw(st.sampled_from(["borda", "copeland", "jla", "kemeny"]))
    write_bundle(tmp_path / "run.zip", profile, method)
    found = recompute(tmp_path / "run.zip")
    assert (found.method, found.input_same, found.ranking_same, found.same) == (method, True, True, True)
    assert json.loads(json.dumps(found.as_dict()))["same"] is True


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("positional", {"vector": [3, "1/2", 0]}),
        ("positional", {"vector": "3,0.5"}),
        ("jla", {"k": "2", "rescore": "top10", "unranked": "absent"}),
        ("kemeny", {"time_limit": 1.5}),
    ],
)
def test_parameters_come_back_as_they_were(tmp_path: Path, method: str, parameters: dict[str, object]) -> None:
    write_bundle(tmp_path / "run.zip", BALLOTS, method, parameters)
    found = recompute(tmp_path / "run.zip")
    assert found.same
    assert METHODS[method].read(found.parameters) == METHODS[method].read(parameters)


def test_a_rule_of_choice_is_computed_again_too(tmp_path: Path) -> None:
    write_bundle(tmp_path / "run.zip", BALLOTS, "phragmen", seats=2)
    assert recompute(tmp_path / "run.zip").same
    say(tmp_path / "run.zip", seats=1)
    found = recompute(tmp_path / "run.zip")
    assert (found.input_same, found.ranking_same) == (False, False)


def test_the_same_input_gives_the_same_bytes_whatever_the_order_of_ballots(tmp_path: Path, bundle: Path) -> None:
    order = [2, 0, 3, 1]
    turned = BALLOTS.replace(
        ranks=BALLOTS.ranks[order],
        strata=BALLOTS.strata[order],
        groups=BALLOTS.groups[order],
        weights=BALLOTS.weights[order],
    )
    write_bundle(tmp_path / "other.zip", turned, "borda")
    assert (tmp_path / "other.zip").read_bytes() == bundle.read_bytes()


def test_anybody_can_read_what_is_in_it(bundle: Path) -> None:
    found = members(bundle)
    assert list(found) == ["ballots.csv", "run.json"]
    run = json.loads(found["run.json"])
    assert run["shares"] == {"lived": "2/3", "staff": "1/3"}
    assert run["names"] == list(BALLOTS.names)
    assert set(run["versions"]) == {"python", "priority", "numpy", "scipy"}
    assert found["ballots.csv"].decode().splitlines()[0] == '"side","group","weight","a","b","c"'


def test_weights_that_are_no_whole_numbers_survive(tmp_path: Path) -> None:
    write_bundle(tmp_path / "run.zip", BALLOTS.replace(weights=[0.333333, 1.5, 2, 1]), "borda")
    assert recompute(tmp_path / "run.zip").same


def test_one_changed_ballot_is_another_input(bundle: Path) -> None:
    rewrite(bundle, ballots_csv=members(bundle)["ballots.csv"].replace(b"patients,1,1,2,3", b"patients,1,3,2,1"))
    found = recompute(bundle)
    assert (found.input_same, found.ranking_same, found.same) == (False, False, False)


def test_changed_labels_and_groups_are_the_same_result(bundle: Path) -> None:
    rewrite(bundle, ballots_csv=members(bundle)["ballots.csv"].replace(b"patients", b"somebody"))
    say(bundle, names=["x", "y", "z"])
    assert recompute(bundle).same


@pytest.mark.parametrize("entry", ["input_sha256", "ranking_sha256"])
def test_a_changed_digest_is_told(bundle: Path, entry: str) -> None:
    say(bundle, **{entry: "0" * 64})
    found = recompute(bundle)
    assert not found.same
    assert found.input_same == (entry == "ranking_sha256")


@pytest.mark.parametrize(
    "entries",
    [{"shares": {"lived": "1/2", "staff": "1/2"}}, {"unranked": "absent"}, {"seed": 4}, {"method": "copeland"}],
)
def test_whatever_can_change_the_result_is_another_input(bundle: Path, entries: dict[str, object]) -> None:
    say(bundle, **entries)
    assert not recompute(bundle).input_same


def test_other_versions_are_told_and_no_difference(bundle: Path) -> None:
    say(bundle, versions={"numpy": "1.0"})
    found = recompute(bundle)
    assert found.same
    assert dict(found.versions) == {"numpy": "1.0"}
    assert found.versions_here["numpy"] == np.__version__


def test_members_that_are_no_part_of_it_are_ignored_and_named(bundle: Path) -> None:
    with zipfile.ZipFile(bundle, "a") as archive:
        archive.writestr("../../README", "hello")
    found = recompute(bundle)
    assert (found.same, found.ignored) == (True, ("../../README",))


def no_zip(path: Path) -> None:
    path.write_bytes(b"these are no ballots")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-30])


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[data.index(b"lived")] ^= 1
    path.write_bytes(bytes(data))


def twice(path: Path) -> None:
    kept = members(path)
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(path, "w") as archive:
        for name, data in [*kept.items(), *kept.items()]:
            archive.writestr(name, data)


def bomb(path: Path) -> None:
    """A member that says itself that it is too large, from a few kilobytes."""
    rewrite(path, run_json=b" " * (LARGEST["run.json"] + 1))


def lying_bomb(path: Path) -> None:
    """The same, but its directory claims that it is small."""
    bomb(path)
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02", 0, data.rindex(b"run.json"))
    data[entry + 24 : entry + 28] = (1_000).to_bytes(4, "little")
    path.write_bytes(bytes(data))


def encrypted(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(mark, place + 4)
    path.write_bytes(bytes(data))


def crowded(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(200):
            archive.writestr(f"{number}", "")


def entry(**entries: object) -> Callable[[Path], None]:
    return lambda path: say(path, **entries)


def raw(**changed: bytes | None) -> Callable[[Path], None]:
    return lambda path: rewrite(path, **changed)


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (lambda path: path.unlink(), "cannot be opened"),
        (no_zip, "no zip"),
        (cut, "no zip"),
        (flipped, "damaged"),
        (twice, "more than one ballots.csv"),
        (bomb, "at most"),
        (lying_bomb, "damaged|larger"),
        (encrypted, "encrypted"),
        (crowded, "members"),
        (raw(run_json=None), "no run.json"),
        (raw(ballots_csv=None), "no ballots.csv"),
        (raw(run_json=b"{"), "no JSON"),
        (raw(run_json=b"[]"), "not an object"),
        (raw(run_json=b"[" * 100_000), "JSON"),
        (raw(run_json=b'{"seed": ' + b"9" * 5_000 + b"}"), "JSON"),
        (raw(run_json=b'{"seed": NaN}'), "JSON"),
        (raw(run_json=b"\xff\xfe"), "run.json"),
        (raw(ballots_csv=b"a,b,c\n1,2,x\n"), "ballots.csv"),
        (raw(ballots_csv=b""), "ballots.csv: the file is empty"),
        (raw(ballots_csv=b"c,b,a\n1,2,3\n"), "items"),
        (raw(ballots_csv=b"a,b,c\n1,2,3\n"), "run.json"),
        (entry(method=...), '"method" is missing'),
        (entry(method=3), '"method" must be'),
        (entry(method="no"), "no method"),
        (entry(seats=2), "no rule"),
        (entry(method="phragmen", seats=9), "seats"),
        (entry(parameters={"no": 1}), "no parameter"),
        (entry(parameters={"k": [1]}), "kind"),
        (entry(parameters={"k": True}), "kind"),
        (entry(method="positional", parameters={"vector": "1e999999999"}), "million"),
        (entry(method="jla", parameters={"k": 10**10}), "million"),
        (entry(seed=-1), "seed"),
        (entry(seed=True), "seed"),
        (entry(bundle=2), "kind 2"),
        (entry(unranked="first"), "unranked"),
        (entry(shares={}), "sides"),
        (entry(shares={"lived": "1"}), "share"),
        (entry(shares={"lived": "1e999999999", "staff": "1"}), "share"),
        (entry(names=["x"]), "names"),
        (entry(items=["a", 2, "c"]), "items"),
        (entry(versions={"numpy": 2}), "kind"),
    ],
)
def test_what_is_no_bundle_is_refused_with_a_reason(bundle: Path, broken: Callable[[Path], None], reason: str) -> None:
    broken(bundle)
    with pytest.raises(FormatError, match=reason):
        recompute(bundle)


def test_what_cannot_be_computed_again_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "run.zip"
    for wrong in (("no", {}), ("borda", {"k": 2}), ("kemeny", {"time_limit": float("inf")})):
        with pytest.raises(MethodError):
            write_bundle(path, BALLOTS, *wrong)
    with pytest.raises(FormatError, match="million"):
        write_bundle(path, BALLOTS, "kemeny", {"time_limit": 10**7})
    with pytest.raises(MethodError, match="seed"):
        write_bundle(path, BALLOTS, "borda", seed=-1)
    with pytest.raises(FormatError):
        write_bundle(path, BALLOTS.replace(items=["side", "b", "c"]), "borda")
    assert not path.exists()


def test_random_bytes_are_refused_and_never_a_crash(tmp_path: Path, bundle: Path) -> None:
    rng = np.random.default_rng(1)
    whole = bundle.read_bytes()
    path = tmp_path / "noise.zip"
    told = []
    for _ in range(500):
        data = bytearray(whole)
        for place in rng.integers(0, len(data), 3):
            data[place] = rng.integers(0, 256)
        path.write_bytes(bytes(data))
        try:
            told.append(recompute(path).same)
        except FormatError as wrong:
            told.append(str(wrong))
    assert sum(isinstance(each, str) and len(each) > 10 for each in told) > 250
