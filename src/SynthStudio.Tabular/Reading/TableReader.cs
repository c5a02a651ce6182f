namespace SynthStudio.Tabular;

/// <summary>
/// Reads whole tables into memory from CSV, TSV, JSON, NDJSON (also gzip or zstd) and Parquet, told apart by content. Cells are trimmed;
/// empty ones and the usual spellings of missing values (NA, NaN, NULL, …) are missing, a lone ?, -, --, . or None in numbers and times too.
/// </summary>
public static class TableReader
{
    /// <summary>Reads <paramref name="path"/>; kinds that <paramref name="schema"/> does not settle are inferred.</summary>
    /// <param name="path">Where the file lies.</param>
    /// <param name="fileName">The name it is known by, for messages and as a hint to its format; null takes it from the path.</param>
    /// <param name="schema">What the user says of the columns; null infers everything. Columns it ignores are not in the table.</param>
    /// <param name="options">Null takes the defaults.</param>
    /// <param name="cancellation">Stops the reading at once.</param>
    /// <exception cref="TableException">The file or the schema cannot be used; the message names the column, row or option.</exception>
    public static Table Read(
        string path,
        string? fileName = null,
        SchemaFile? schema = null,
        ReadOptions? options = null,
        CancellationToken cancellation = default) => ReadWithReasons(path, fileName, schema, options, cancellation).Table;

    /// <summary>As <see cref="Read"/>, with the reason why each column has its kind, in the table's order.</summary>
    public static (Table Table, IReadOnlyList<InferredColumn> Columns) ReadWithReasons(
        string path,
        string? fileName = null,
        SchemaFile? schema = null,
        ReadOptions? options = null,
        CancellationToken cancellation = default)
    {
        options ??= new ReadOptions();
        using var source = TableSource.Open(path, fileName, options, cancellation);
        return Finish(Load(source, source.Choose(schema, options), options, cancellation), schema, options);
    }

    /// <summary>The table that the builders collected, as <paramref name="schema"/> says.</summary>
    internal static (Table Table, IReadOnlyList<InferredColumn> Columns) Finish(List<ColumnBuilder> builders, SchemaFile? schema, ReadOptions options)
    {
        var columns = builders.ConvertAll(b => b.Finish(null, options.InvalidValuesAreMissing, byItself: options.CellsByThemselves));
        var table = new Table(
            new TableSchema
            {
                Columns = [.. columns.Select(c => c.Column.Schema)],
                Target = TargetOf(schema, columns),
                Task = schema?.Task,
                Constraints = options.Columns is null ? schema?.Constraints ?? [] : [],
                ColumnRules = DeclaredColumnRules.Of(schema, columns.Select(c => c.Column.Schema)),
                Domains = DomainsOf(schema, columns),
                Population = schema?.Population ?? Population.Undeclared,
            },
            [.. columns.Select(c => c.Column)]);
        foreach (var constraint in table.Schema.Rules)
        {
            RowRule.Of(constraint, table.Schema);
        }

        return (table, [.. columns.Select(c => new InferredColumn(c.Column.Schema, c.Reason))]);
    }

    /// <summary>
    /// Reads a table that must have the columns of <paramref name="schema"/>, which the result has exactly, in its order; other columns of the
    /// file are left out. For holdouts and for synthetic tables. Numbers, dates and times may be spelled differently from the schema.
    /// </summary>
    /// <exception cref="TableException">A column is missing, or as for <see cref="Read"/>.</exception>
    public static Table ReadAs(
        string path,
        TableSchema schema,
        string? fileName = null,
        ReadOptions? options = null,
        CancellationToken cancellation = default)
    {
        options ??= new ReadOptions();
        using var source = TableSource.Open(path, fileName, options, cancellation);
        var kept = schema.Columns.Where(c => c.Kind != ColumnKind.Ignored).ToList();
        var absent = kept.Find(c => !source.Names.Contains(c.Name));
        if (absent is not null && !options.AbsentColumnsAreLeftOut)
        {
            throw new TableException(TableError.MissingColumn, $"{source.FileName} has no column '{absent.Name}'.", absent.Name);
        }

        kept.RemoveAll(c => !source.Names.Contains(c.Name));
        if (kept.Count == 0)
        {
            throw new TableException(TableError.MissingColumn, $"{source.FileName} has none of the columns {string.Join(", ", schema.Columns.Select(c => c.Name))}.");
        }

        var wanted = kept.Select(c => (source.IndexOf(c.Name), (ColumnDeclaration?)null)).ToList();
        var columns = Load(source, wanted, options, cancellation)
            .Zip(kept, (builder, column) => builder.Finish(
                column, options.InvalidValuesAreMissing, values: schema.Domains.GetValueOrDefault(column.Name)?.Values).Column)
            .ToList();
        return new Table(schema with { Columns = kept }, columns);
    }

    internal static List<ColumnBuilder> Load(
        TableSource source, List<(int Index, ColumnDeclaration? Declared)> wanted, ReadOptions options, CancellationToken cancellation)
    {
        var builders = wanted.ConvertAll(w => new ColumnBuilder(source.Names[w.Index], w.Declared));
        long rows = 0;
        foreach (var batch in source.Read(wanted.Select(w => w.Index), options.MaximumRows, cancellation))
        {
            rows += batch.Rows;
            if (rows > Array.MaxLength)
            {
                throw new TableException(TableError.FileUnreadable, $"{source.FileName} has more than {Array.MaxLength} rows; set a maximum.");
            }

            SideBySide.Run(builders.Count, options.Threads, column => builders[column].Add(batch, column));
        }

        return rows == 0 ? throw NoRows(source) : builders;
    }

    internal static TableException NoRows(TableSource source) => new(TableError.NoRows, $"{source.FileName} has a header but no rows.");

    private static Dictionary<string, ColumnDomain> DomainsOf(SchemaFile? schema, List<(Column Column, string Reason)> columns) =>
        (schema?.Columns ?? []).Where(declared => columns.Exists(c => c.Column.Name == declared.Name))
            .Select(declared => (declared.Name, Domain: ColumnDomain.Of(declared)))
            .Where(d => d.Domain is not null)
            .ToDictionary(d => d.Name, d => d.Domain!, StringComparer.Ordinal);

    private static string? TargetOf(SchemaFile? schema, List<(Column Column, string Reason)> columns) =>
        schema?.Target is { } target && columns.Exists(c => c.Column.Name == target) ? target : null;
}
