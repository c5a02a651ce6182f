namespace SynthStudio.Tabular;

/// <summary>Groups of a table of any size: the engine stores it column by column on disk, and groups there.</summary>
internal sealed class StoredGroups(TableSource source, long rows) : IColumnGroups
{
    private static readonly string WhiteSpace =
        DuckSession.Literal(string.Concat(Enumerable.Range(1, char.MaxValue).Select(c => (char)c).Where(char.IsWhiteSpace)));

    public long Rows { get; } = rows;

    public static StoredGroups Store(TableSource source, long? maximumRows, CancellationToken cancellation)
    {
        source.Store(maximumRows, cancellation);
        return new StoredGroups(source, source.Count($"SELECT count(*) FROM {source.StoredWith(0)}", cancellation));
    }

    public void Visit(int column, bool trimmed, GroupVisitor visitor, CancellationToken cancellation)
    {
        var cell = trimmed ? $"trim(c{column}, {WhiteSpace})" : $"c{column}";
        foreach (var chunk in source.Query($"SELECT {cell} AS v, count(*) FROM {source.StoredWith(column)} GROUP BY v", cancellation))
        {
            var texts = chunk.Column(0);
            var counts = chunk.Integers(1);
            for (var row = 0; row < chunk.Rows; row++)
            {
                var missing = texts.IsNull(row);
                visitor(missing ? default : texts.Bytes(row), missing, counts[row]);
            }
        }
    }
}
