"""Numbers in addresses: only such as a record can have, so that the database can be asked for it."""

from werkzeug.routing import IntegerConverter, ValidationError

from crmlite.db.keyset import ID_BITS


class RecordId(IntegerConverter):
    """The `int` of addresses; any other number is an address of nothing."""

    regex = r"[0-9]{1,10}"

    def to_python(self, value: str) -> int:
        """The id."""
        number = int(super().to_python(value))
        if number >= 2**ID_BITS:
            raise ValidationError
        return number
