using System.Globalization;

namespace SynthStudio.Tabular;

/// <summary>
/// Profiles a file of any size in bounded memory: each column is grouped (a small table in memory, a larger one by the engine, on disk), and
/// the distinct texts with their counts are streamed into the summaries. Counts are exact.
/// </summary>
public static class Profiler
{
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
        IColumnGroups groups = source.IsTextOfAtMost(options.CountedBytes)
            ? CountedGroups.Read(source, options.Reading.MaximumRows, cancellation)
            : StoredGroups.Store(source, options.Reading.MaximumRows, cancellation);
        var rows = groups.Rows;
        if (rows == 0)
        {
            throw new TableException(TableError.NoRows, $"{source.FileName} has a header but no rows.");
        }

        var columns = new List<ColumnProfile>();
        var schemas = new List<ColumnSchema>();
        for (var column = 0; column < source.Names.Count; column++)
        {
            progress?.Report(0.4 + (0.5 * column / source.Names.Count));
            var (profile, decided) = ProfileColumn(source, groups, column, declared.GetValueOrDefault(source.Names[column]), options, cancellation);
            columns.Add(profile);
            schemas.Add(decided);
        }

        progress?.Report(0.9);
        var profileOfAll = new TableProfile
        {
            Source = source.Relation.Facts,
            Rows = rows,
            DuplicateRows = CountDuplicates(source, columns, rows, options, cancellation),
            Columns = columns,
            Correlations = Correlate(source, schemas, columns, rows, options, cancellation),
        };
        progress?.Report(1);
        return profileOfAll;
    }

    // A column that is distinct in every row settles it; else rows are compared by 64-bit hashes of their cells.
    private static long CountDuplicates(
        TableSource source, List<ColumnProfile> columns, long rows, ProfileOptions options, CancellationToken cancellation)
    {
        if (columns.Exists(c => c.Distinct == rows))
        {
            return 0;
        }

        var cells = string.Join(", ", source.Names.Select((_, i) => $"c{i}"));
        var all = source.FromAll(options.Reading.MaximumRows);
        return rows - source.Count($"SELECT count(*) FROM (SELECT DISTINCT hash({cells}) FROM {all})", cancellation);
    }

    private static (ColumnProfile Profile, ColumnSchema Schema) ProfileColumn(
        TableSource source, IColumnGroups groups, int column, ColumnDeclaration? declared, ProfileOptions options, CancellationToken cancellation)
    {
        var trimmed = false;
        var collector = Collect();
        if (collector.NeedsTrimming)
        {
            trimmed = true;
            collector = Collect();
        }

        var inferred = collector.Infer();
        ValueCounts? moments = null;
        var hasUnreadMoments = false;
        if (inferred.Schema.Kind is ColumnKind.DateTime or ColumnKind.Date or ColumnKind.Time)
        {
            moments = new ValueCounts(options.QuantileValues);
            var format = MomentFormats.Of(inferred.Schema);
            groups.Visit(
                column,
                trimmed,
                (raw, _, rows) =>
                {
                    var text = NullText.Trim(raw);
                    if (format.TryRead(text, out var seconds))
                    {
                        moments.Add(seconds, rows);
                    }
                    else
                    {
                        hasUnreadMoments |= !NullText.IsNull(text) && !NullText.IsUnknown(text);
                    }
                },
                cancellation);
        }

        if (declared is not null && !options.Reading.InvalidValuesAreMissing)
        {
            DeclarationCheck.Run(source, column, declared, collector.Evidence, hasUnreadMoments, options.Reading.MaximumRows, cancellation);
        }

        return (collector.Finish(inferred, moments), inferred.Schema);

        ColumnCollector Collect()
        {
            var fresh = new ColumnCollector(source.Names[column], declared, options);
            groups.Visit(
                column,
                trimmed,
                (text, isMissing, rows) =>
                {
                    if (isMissing)
                    {
                        fresh.Evidence.AddMissing(rows);
                    }
                    else
                    {
                        fresh.Add(text, rows);
                    }
                },
                cancellation);
            return fresh;
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
            .ToList();
        chosen = [.. chosen.Where(i => source.AreTogether(chosen[0], i)).Take(options.CorrelatedColumns)];
        if (chosen.Count < 2)
        {
            return null;
        }

        var builders = chosen.ConvertAll(i => new ColumnBuilder(schemas[i].Name, null));
        var every = Math.Max(1, (rows + options.CorrelatedRows - 1) / options.CorrelatedRows);
        var some = every == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" WHERE hash(file_row_number) % {every} = 0");
        var cells = string.Join(", ", chosen.Select(i => $"c{i}"));
        var from = source.FromWith(chosen[0], options.Reading.MaximumRows);
        foreach (var chunk in source.Query($"SELECT {cells} FROM {from}{some}", cancellation))
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
