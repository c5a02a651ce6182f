namespace SynthStudio.Tabular;

/// <summary>Why a table or schema was refused. Names are stable: they travel to clients as error reasons.</summary>
public enum TableError
{
    FileNotFound,
    FileUnreadable,
    UnsupportedFormat,
    InvalidEncoding,
    CorruptCompression,
    Empty,
    NoRows,
    TooFewRows,
    TooManyColumns,
    CellTooLarge,
    DuplicateColumn,
    EmptyColumnName,
    RaggedRow,
    InvalidValue,

    /// <summary>A cell holds an object or a list.</summary>
    NestedValue,
    UnknownColumn,
    MissingColumn,
    InvalidSchema,

    /// <summary>More rows of so many columns than a search may hold.</summary>
    TooManyRows,
    OutOfMemory,
    DiskFull,
}
