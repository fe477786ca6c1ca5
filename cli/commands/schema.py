"""`auditail schema`: what an event looks like, for programs that read or write them."""


def schema() -> None:
    """Print the JSON Schema of an event."""
    import orjson

    from cli import stdout
    from store.schema import EVENT_SCHEMA

    stdout.put(orjson.dumps(EVENT_SCHEMA, option=orjson.OPT_INDENT_2).decode())
