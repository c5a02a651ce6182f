using System.Globalization;

namespace SynthStudio.Tabular;

/// <summary>
/// Profiles a file of any size in bounded memory: the engine stores it once, column by column, in a temporary file, groups
/// each column there, and the distinct texts with their counts are streamed into the summaries. Counts are exact.
/// </summary>
public static class Profiler
{
    private static readonly string WhiteSpace =
        DuckSession.Literal(string.Concat(Enumerable.Range(1, char.MaxValue).Select(c => (char)c).Where(char.IsWhiteSpace)));

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
        var declared = source.Declarations(schema);
        source.Store(options.Reading.MaximumRows, cancellation);
        var rows = source.Count("SELECT count(*)", cancellation);
        if (rows == 0)
        {
            throw new TableException(TableError.NoRows, $"{source.FileName} has a header but no rows.");
        }

        var columns = new List<ColumnProfile>();
        var schemas = new List<ColumnSchema>();
        for (var column = 0; column < source.Names.Count; column++)
        {
            progress?.Report(0.4 + (0.5 * column / source.Names.Count));
            var (profile, decided) = ProfileColumn(source, column, declared.GetValueOrDefault(source.Names[column]), options, cancellation);
            columns.Add(profile);
            schemas.Add(decided);
        }

        progress?.Report(0.9);
        var profileOfAll = new TableProfile
        {
            Source = source.Relation.Facts,
            Rows = rows,
            DuplicateRows = CountDuplicates(source, columns, rows, cancellation),
            Columns = columns,
            Correlations = Correlate(source, schemas, columns, rows, options, cancellation),
        };
        progress?.Report(1);
        return profileOfAll;
    }

    // A column that is distinct in every row settles it; else rows are compared by 64-bit hashes of their cells.
    private static long CountDuplicates(TableSource source, List<ColumnProfile> columns, long rows, CancellationToken cancellation)
    {
        if (columns.Exists(c => c.Distinct == rows))
        {
            return 0;
        }

        var cells = string.Join(", ", source.Names.Select((_, i) => $"c{i}"));
        return rows - source.Count($"SELECT count(*) FROM (SELECT DISTINCT hash({cells})", cancellation, closing: ")");
    }

    private static (ColumnProfile Profile, ColumnSchema Schema) ProfileColumn(
        TableSource source, int column, ColumnDeclaration? declared, ProfileOptions options, CancellationToken cancellation)
    {
        var name = source.Names[column];
        var collector = new ColumnCollector(name, declared, options);
        var expression = $"c{column}";
        Collect(source, column, expression, collector, cancellation);
        if (collector.NeedsTrimming)
        {
            expression = $"trim({expression}, {WhiteSpace})";
            collector = new ColumnCollector(name, declared, options);
            Collect(source, column, expression, collector, cancellation);
        }

        var inferred = collector.Infer();
        ValueCounts? moments = null;
        if (inferred.Schema.Kind is ColumnKind.DateTime or ColumnKind.Date or ColumnKind.Time)
        {
            moments = new ValueCounts(options.QuantileValues);
            var format = MomentFormats.Of(inferred.Schema);
            foreach (var chunk in source.Groups(column, expression, cancellation))
            {
                var texts = chunk.Column(0);
                var counts = chunk.Integers(1);
                for (var row = 0; row < chunk.Rows; row++)
                {
                    if (!texts.IsNull(row) && format.TryRead(NullText.Trim(texts.Bytes(row)), out var seconds))
                    {
                        moments.Add(seconds, counts[row]);
                    }
                }
            }
        }

        return (collector.Finish(inferred, moments), inferred.Schema);
    }

    private static void Collect(TableSource source, int column, string expression, ColumnCollector collector, CancellationToken cancellation)
    {
        foreach (var chunk in source.Groups(column, expression, cancellation))
        {
            var texts = chunk.Column(0);
            var counts = chunk.Integers(1);
            for (var row = 0; row < chunk.Rows; row++)
            {
                if (texts.IsNull(row))
                {
                    collector.Evidence.AddMissing(counts[row]);
                }
                else
                {
                    collector.Add(texts.Bytes(row), counts[row]);
                }
            }
        }
    }

    private static CorrelationMatrix? Correlate(
        TableSource source,
        List<ColumnSchema> schemas,
        List<ColumnProfile> profiles,
        long rows,
        ProfileOptions options,
        CancellationToken cancellation)
    {
        var chosen = Enumerable.Range(0, schemas.Count)
            .Where(i => schemas[i].IsNumeric && profiles[i].Missing < rows)
            .Take(options.CorrelatedColumns)
            .ToList();
        if (chosen.Count < 2)
        {
            return null;
        }

        var builders = chosen.ConvertAll(i => new ColumnBuilder(schemas[i].Name, null));
        var every = Math.Max(1, (rows + options.CorrelatedRows - 1) / options.CorrelatedRows);
        var some = every == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" WHERE hash(file_row_number) % {every} = 0");
        var cells = string.Join(", ", chosen.Select(i => $"c{i}"));
        foreach (var chunk in source.Query($"SELECT {cells} FROM {source.Stored}{some}", cancellation))
        {
            for (var i = 0; i < builders.Count; i++)
            {
                builders[i].Add(chunk.Column(i), chunk.Rows);
            }
        }

        var columns = chosen.Select((c, i) => ((NumericColumn)builders[i].Finish(schemas[c], invalidIsMissing: true).Column).Values).ToList();
        return CorrelationMatrix.Of([.. chosen.Select(i => schemas[i].Name)], columns);
    }
}
