namespace SynthStudio.Tabular;

/// <summary>Refuses a column whose values are not what the schema declares, as reading the table would.</summary>
internal static class DeclarationCheck
{
    /// <param name="source">The table.</param>
    /// <param name="column">Number of the column.</param>
    /// <param name="declared">What is said of it.</param>
    /// <param name="summary">What its texts come to.</param>
    /// <param name="maximumRows">Rows that are read; null for all.</param>
    /// <param name="cancellation">Stops at once.</param>
    /// <exception cref="TableException">A value does not fit; the message names the first such row.</exception>
    public static void Run(
        TableSource source,
        int column,
        ColumnDeclaration declared,
        ColumnSummary summary,
        long? maximumRows,
        CancellationToken cancellation)
    {
        var evidence = summary.Evidence;
        var fits = declared.Kind switch
        {
            DeclaredKind.Numerical or DeclaredKind.Decimal => evidence.NotNumbers == 0,
            DeclaredKind.Integer => evidence.NotNumbers == 0 && evidence.AllWhole,
            DeclaredKind.Boolean => evidence.Distinct <= 2,
            _ => !summary.HasUnreadMoments,
        };
        if (fits && !(declared.Nullable == false && evidence.Missing + evidence.Unknown > 0))
        {
            return;
        }

        // The reader knows rows and says what is wrong; it takes the column as it is in the file.
        var builder = new ColumnBuilder(source.Names[column], declared);
        foreach (var batch in source.Read([column], maximumRows, cancellation))
        {
            builder.Add(batch, 0);
        }

        builder.Finish(exact: null, invalidIsMissing: false);
    }
}
