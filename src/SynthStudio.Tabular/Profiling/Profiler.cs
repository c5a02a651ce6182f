using System.Runtime.ExceptionServices;

namespace SynthStudio.Tabular;

/// <summary>
/// Profiles a file of any size in bounded memory and one pass: each column is gathered into its distinct texts with their counts (on disk
/// where they are many), which are then streamed into the summaries. Counts are exact.
/// </summary>
public static class Profiler
{
    /// <summary>The columns that are summarised at the same time, at most: each may take a few hundred megabytes.</summary>
    private const int MostParallel = 4;

    /// <summary>Profiles the file at <paramref name="path"/>.</summary>
    /// <param name="path">Where the file lies.</param>
    /// <param name="fileName">The name it is known by; null takes it from the path.</param>
    /// <param name="schema">What the user says of the columns; null infers everything.</param>
    /// <param name="options">Null takes the defaults.</param>
    /// <param name="progress">Told the share that is done, 0 to 1.</param>
    /// <param name="cancellation">Stops at once.</param>
    /// <exception cref="TableException">The file or the schema cannot be used.</exception>
    public static TableProfile Profile(
        string path,
        string? fileName = null,
        SchemaFile? schema = null,
        ProfileOptions? options = null,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        options ??= new ProfileOptions();
        using var source = TableSource.Open(path, fileName, options.Reading, cancellation);
        try
        {
            return Profile(source, source.Declarations(schema), options, progress, cancellation);
        }
        catch (IOException e) when (DiskErrors.IsFull(e))
        {
            throw TableException.DiskFull(source.FileName, e);
        }
    }

    private static TableProfile Profile(
        TableSource source,
        Dictionary<string, ColumnDeclaration> declared,
        ProfileOptions options,
        IProgress<double>? progress,
        CancellationToken cancellation)
    {
        using var groups = TableGroups.Read(source, options, cancellation);
        if (groups.Rows == 0)
        {
            throw new TableException(TableError.NoRows, $"{source.FileName} has a header but no rows.");
        }

        var columns = SummariseAll(source, groups, declared, options, progress, cancellation);
        if (!options.Reading.InvalidValuesAreMissing)
        {
            for (var column = 0; column < columns.Length; column++)
            {
                if (declared.TryGetValue(source.Names[column], out var declaration))
                {
                    DeclarationCheck.Run(source, column, declaration, columns[column], options.Reading.MaximumRows, cancellation);
                }
            }
        }

        progress?.Report(0.9);
        var profile = new TableProfile
        {
            Source = source.Relation.Facts,
            Rows = groups.Rows,
            // A column that is distinct in every row settles it.
            DuplicateRows = columns.Any(c => c.Profile.Distinct == groups.Rows) ? 0 : groups.Duplicates.Count(groups.Rows, cancellation),
            Columns = [.. columns.Select(c => c.Profile)],
            Correlations = Correlate(groups, columns, options),
        };
        progress?.Report(1);
        return profile;
    }

    private static ColumnSummary[] SummariseAll(
        TableSource source,
        TableGroups groups,
        Dictionary<string, ColumnDeclaration> declared,
        ProfileOptions options,
        IProgress<double>? progress,
        CancellationToken cancellation)
    {
        var columns = new ColumnSummary[source.Names.Count];
        var refusals = new TableException?[columns.Length];
        var done = 0;
        progress?.Report(0.4);
        // The largest first, so that no thread is left with one in the end.
        var order = Enumerable.Range(0, columns.Length).OrderByDescending(column => groups.Columns[column].Size).ToArray();
        SideBySide.Run(columns.Length, Math.Min(options.Reading.Threads, MostParallel), place =>
        {
            var column = order[place];
            cancellation.ThrowIfCancellationRequested();
            try
            {
                var name = source.Names[column];
                columns[column] = ColumnSummary.Of(name, groups.Columns[column], declared.GetValueOrDefault(name), options, cancellation);
            }
            catch (TableException refusal)
            {
                refusals[column] = refusal;
            }

            lock (columns)
            {
                progress?.Report(0.4 + (0.5 * ++done / columns.Length));
            }
        });
        if (Array.Find(refusals, r => r is not null) is { } first)
        {
            ExceptionDispatchInfo.Throw(first);
        }

        return columns;
    }

    private static CorrelationMatrix? Correlate(TableGroups groups, ColumnSummary[] columns, ProfileOptions options)
    {
        var chosen = Enumerable.Range(0, columns.Length)
            .Where(i => columns[i].Schema.IsNumeric && columns[i].Profile.Missing < groups.Rows)
            .Take(options.CorrelatedColumns)
            .ToList();
        if (chosen.Count < 2)
        {
            return null;
        }

        var builders = chosen.ConvertAll(i => new ColumnBuilder(columns[i].Schema.Name, null));
        groups.Sample.Fill(chosen, builders);
        var numbers = builders
            .Zip(chosen, (builder, i) => ((NumericColumn)builder.Finish(columns[i].Schema, invalidIsMissing: true).Column).Values)
            .ToList();
        return CorrelationMatrix.Of([.. chosen.Select(i => columns[i].Schema.Name)], numbers);
    }
}
