"""Works around Schemathesis 4.32, which takes its own rewriting of `prefixItems` in answers for a mistake of the document."""
import schemathesis


def without_tuples(schema):
    if isinstance(schema, list):
        return [without_tuples(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "prefixItems" in schema:
        schema = {**schema, "items": {"anyOf": schema["prefixItems"]}}
        del schema["prefixItems"]
    return {name: without_tuples(value) for name, value in schema.items()}


@schemathesis.hook
def before_load_schema(context, raw_schema):
    for operations in raw_schema["paths"].values():
        for operation in operations.values():
            operation["responses"] = without_tuples(operation["responses"])
