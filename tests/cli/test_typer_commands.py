"""The program makes no more of its list of commands than is called, and that once."""

from manchengo_cli.commands import lots, registers
from manchengo_cli.main import COMMANDS, program
from manchengo_cli.typer_commands import only


def test_a_command_is_made_without_its_neighbours() -> None:
    assert [each.name for each in only("receive", lots.app).registered_commands] == ["receive"]
    assert len(lots.app.registered_commands) > 1


def test_a_group_is_made_without_its_neighbours() -> None:
    groups = [each.typer_instance for each in only("client", registers.app).registered_groups]
    assert groups == [registers.clients]
    assert len(registers.app.registered_groups) > 1


def test_a_command_is_made_once_in_a_process() -> None:
    made = [program().get_command(None, "receive") for _ in range(2)]
    assert made[0] is made[1]


def test_every_command_has_the_name_that_lists_it() -> None:
    assert [program().get_command(None, name).name for name in COMMANDS] == [*COMMANDS]
