"""The model that the settings name, if any, and what has it write."""

from rag.prose.line import Model
from rag.prose.model_file import ModelFile
from rag.prose.model_server import ModelServer
from rag.prose.writing import Writer
from rag.settings import Settings


def writer(settings: Settings) -> Writer | None:
    """Raises LocalMissing or ModelFileFault when the model of a file cannot be used."""
    model: Model
    if settings.model_path:
        model = ModelFile(settings.model_path)
    elif settings.model_url:
        model = ModelServer(settings.model_url, settings.model_name)
    else:
        return None
    return Writer(model, settings.model_seconds, settings.model_waiting)
