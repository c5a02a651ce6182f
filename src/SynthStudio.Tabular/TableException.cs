namespace SynthStudio.Tabular;

/// <summary>A table or schema that cannot be used, with a message that says which column, row or option is at fault and what to do.</summary>
public sealed class TableException : Exception
{
    public TableException(TableError error, string message, string? column = null, long? row = null, Exception? inner = null)
        : base(message, inner)
    {
        Error = error;
        Column = column;
        Row = row;
    }

    /// <summary>What is wrong, for programs.</summary>
    public TableError Error { get; }

    /// <summary>The column at fault, when there is one.</summary>
    public string? Column { get; }

    /// <summary>The row at fault, 1-based without the header, when there is one.</summary>
    public long? Row { get; }

    /// <summary>There is no room for the temporary files that reading <paramref name="file"/> takes.</summary>
    internal static TableException DiskFull(string file, Exception? inner = null) =>
        new(TableError.DiskFull, $"{file} cannot be processed: the disk for temporary files is full. Make room and try again.", inner: inner);
}
