"""Every failure a caller can meet, as one tree.

    AssistantError                  anything below; its text is one Chinese sentence for the person at the screen
    ├── CorpusError                 a policy file cannot be used
    │   ├── TextDecodeError         not text, or in no encoding we read
    │   ├── TextTooLargeError       past the size limit
    │   ├── ExtractionError         a file of another format gives no text
    │   │   └── UnsafeFileError     it went over the limits or broke its parser
    │   ├── MetadataError           a broken line in metadata.jsonl
    │   └── RegisterOverrideError   a broken line in register_overrides.jsonl
    ├── JurisdictionError           a place name that the national table does not know
    ├── IndexStoreError             the built index cannot be used
    │   ├── IndexMissingError       never built
    │   ├── IndexStaleError         built from other texts or by another version
    │   ├── IndexCorruptError       a file is not the one that was written
    │   ├── IndexUnwritableError    the disk is full or not writable
    │   └── IndexBusyError          another process is building
    ├── EncoderError                the embedding model cannot be loaded or does not fit the index
    ├── PhraserError                the language model named cannot be used
    ├── SettingsError               an option or environment value makes no sense
    ├── ProfileError                a profile (level, kind of employer) cannot be read
    ├── ExportError                 a table cannot be written to a file
    ├── QuestionError               the question cannot be read (empty, too long)
    ├── BatchError                  a line of a batch file cannot be read
    └── QuoteNotFoundError          a quotation that is not in the text it names

Each message says what happened, why it matters and what to do. Interfaces catch `AssistantError` once and show
`str(error)` without a traceback; a `ValueError` is a programming mistake and is not caught.
"""


class AssistantError(Exception):
    """Base of every expected failure; the message is written for the user, in Chinese."""


class CorpusError(AssistantError):
    """A policy file cannot be used."""


class TextDecodeError(CorpusError):
    """The file is not text in UTF-8, UTF-16 or GB18030."""


class TextTooLargeError(CorpusError):
    """The file is past the size limit."""


class ExtractionError(CorpusError):
    """No text can be taken from the file; the message says why."""


class UnsafeFileError(ExtractionError):
    """Reading the file used more than any real document, or ended the parser."""


class MetadataError(CorpusError):
    """A line of `metadata.jsonl` cannot be read or contradicts the corpus."""


class RegisterOverrideError(CorpusError):
    """A line of `register_overrides.jsonl` cannot be read or fits no sentence."""


class JurisdictionError(AssistantError):
    """A place was named that the table of administrative divisions does not hold."""


class IndexStoreError(AssistantError):
    """The built index cannot be used."""


class IndexMissingError(IndexStoreError):
    """No index has been built."""


class IndexStaleError(IndexStoreError):
    """The index was built from other texts, another lexicon or another program version."""


class IndexCorruptError(IndexStoreError):
    """A file of the index does not have the recorded size or sha256."""


class IndexUnwritableError(IndexStoreError):
    """The disk is full or not writable; the index is as it was."""


class IndexBusyError(IndexStoreError):
    """Another process holds the build lock."""


class EncoderError(AssistantError):
    """The embedding model cannot be loaded, or is not the one the index was built with."""


class PhraserError(AssistantError):
    """The language model that was named cannot be used."""


class SettingsError(AssistantError):
    """An option or an environment value makes no sense."""


class QuestionError(AssistantError):
    """The question cannot be read."""


class ProfileError(AssistantError):
    """A person's level or kind of employer is none that we know."""


class ExportError(AssistantError):
    """A table cannot be written to the file named."""


class BatchError(AssistantError):
    """A line of a batch input cannot be read."""


class QuoteNotFoundError(AssistantError):
    """A quotation does not stand in the text it names."""
