namespace SynthStudio.Tabular;

/// <summary>The cells of a table, gathered column by column into distinct texts with their counts.</summary>
internal interface IColumnGroups
{
    /// <summary>Rows of the table.</summary>
    long Rows { get; }

    /// <summary>Shows every distinct text of a column, and how many rows have none; in any order.</summary>
    /// <param name="column">Number of the column.</param>
    /// <param name="trimmed">Whether texts that differ in white space around them are one.</param>
    /// <param name="visitor">Sees each.</param>
    /// <param name="cancellation">Stops at once.</param>
    void Visit(int column, bool trimmed, GroupVisitor visitor, CancellationToken cancellation);
}

/// <summary>Sees a distinct text that <paramref name="rows"/> rows have, or, when it is missing, how many have none.</summary>
internal delegate void GroupVisitor(ReadOnlySpan<byte> text, bool isMissing, long rows);
