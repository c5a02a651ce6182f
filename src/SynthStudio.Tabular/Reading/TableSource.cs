namespace SynthStudio.Tabular;

/// <summary>An opened file with the engine that reads it.</summary>
internal sealed class TableSource : IDisposable
{
    private const int StoredGroupCells = 8_000_000;
    private const int SliceColumns = 64;

    private readonly SourceFile file;
    private readonly DuckSession session;
    private readonly Dictionary<string, int> positions;

    private TableSource(SourceFile file, DuckSession session, Relation relation)
    {
        this.file = file;
        this.session = session;
        Relation = relation;
        positions = relation.Names.Select((name, i) => (name, i)).ToDictionary(p => p.name, p => p.i, StringComparer.Ordinal);
    }

    public Relation Relation { get; }

    public IReadOnlyList<string> Names => Relation.Names;

    public string FileName => file.FileName;

    public static TableSource Open(string path, string? fileName, ReadOptions options, CancellationToken cancellation)
    {
        var file = SourceFile.Open(path, fileName, options, cancellation);
        DuckSession? session = null;
        try
        {
            session = new DuckSession(options, file.Folder);
            return new TableSource(file, session, Relation.Of(file, session, options, cancellation));
        }
        catch
        {
            session?.Dispose();
            file.Dispose();
            throw;
        }
    }

    /// <summary>What <paramref name="schema"/> declares, by column name.</summary>
    /// <exception cref="TableException">It names a column that the file does not have.</exception>
    public Dictionary<string, ColumnDeclaration> Declarations(SchemaFile? schema)
    {
        var declared = new Dictionary<string, ColumnDeclaration>(StringComparer.Ordinal);
        foreach (var column in schema?.Columns ?? [])
        {
            declared[column.Name] = IndexOf(column.Name) >= 0
                ? column
                : throw new TableException(
                    TableError.UnknownColumn,
                    $"The schema names column '{column.Name}', which {FileName} does not have. It has: {NameList()}.",
                    column.Name);
        }

        return declared;
    }

    /// <summary>What <see cref="Store"/> made, for use after FROM: columns c0, c1, and so on, and file_row_number.</summary>
    public string Stored => $"read_parquet({DuckSession.Literal(StoredPath)}, file_row_number = true)";

    private string StoredPath => Path.Combine(file.Folder, "stored.parquet");

    // A query over a file of thousands of columns takes tens of milliseconds before it begins, so a wide table is also kept in slices.
    private bool IsSliced => Names.Count > 2 * SliceColumns;

    /// <summary>
    /// Stores all cells as text by columns, in a temporary Parquet file: its dictionaries make grouping a column many times faster than
    /// parsing the file, and writing it takes half of what a database of the engine's own takes.
    /// </summary>
    public void Store(long? maximumRows, CancellationToken cancellation)
    {
        // Which rows a limit takes depends on their order; everything else in a profile does not.
        Execute($"SET preserve_insertion_order = {(maximumRows is null ? "false" : "true")}", cancellation);
        var groupRows = Math.Clamp(StoredGroupCells / Names.Count, 2048, 122_880);
        Execute(
            $"COPY ({Relation.SelectNumbered(maximumRows)}) TO {DuckSession.Literal(StoredPath)} "
            + $"(FORMAT parquet, COMPRESSION uncompressed, WRITE_BLOOM_FILTER false, ROW_GROUP_SIZE {groupRows})",
            cancellation);
        for (var first = 0; IsSliced && first < Names.Count; first += SliceColumns)
        {
            var columns = string.Join(", ", Enumerable.Range(first, Math.Min(SliceColumns, Names.Count - first)).Select(i => $"c{i}"));
            Execute(
                $"COPY (SELECT {columns} FROM {Stored}) TO {DuckSession.Literal(SlicePath(first))} (FORMAT parquet, COMPRESSION uncompressed)",
                cancellation);
        }
    }

    /// <summary>The distinct values of an expression over one stored column, and in how many rows each occurs.</summary>
    public IEnumerable<TextChunk> Groups(int column, string expression, CancellationToken cancellation)
    {
        var from = IsSliced ? $"read_parquet({DuckSession.Literal(SlicePath(column))})" : Stored;
        return Query($"SELECT {expression} AS v, count(*) FROM {from} GROUP BY v", cancellation);
    }

    /// <summary>The number that a query over the stored table counts.</summary>
    public long Count(string select, CancellationToken cancellation, string closing = "")
    {
        foreach (var chunk in Query($"{select} FROM {Stored}{closing}", cancellation))
        {
            return chunk.Integers(0)[0];
        }

        return 0;
    }

    public int IndexOf(string name) => positions.GetValueOrDefault(name, -1);

    /// <summary>Which columns to read, and what is declared of each: those the schema and the options do not leave out.</summary>
    public List<(int Index, ColumnDeclaration? Declared)> Choose(SchemaFile? schema, ReadOptions options)
    {
        var declared = Declarations(schema);
        var wanted = new List<(int, ColumnDeclaration?)>();
        foreach (var name in options.Columns ?? Names)
        {
            var index = IndexOf(name) is var found and >= 0
                ? found
                : throw new TableException(TableError.UnknownColumn, $"{FileName} has no column '{name}'. It has: {NameList()}.", name);
            var declaration = declared.GetValueOrDefault(name);
            if (declaration?.Kind != DeclaredKind.Ignored)
            {
                wanted.Add((index, declaration));
            }
        }

        return wanted.Count > 0 ? wanted : throw new TableException(TableError.InvalidSchema, "The schema ignores every column.");
    }

    /// <summary>Runs a query over the file; failures come as <see cref="TableException"/>.</summary>
    public IEnumerable<TextChunk> Query(string sql, CancellationToken cancellation)
    {
        using var chunks = session.Query(sql, cancellation).GetEnumerator();
        while (Explained(chunks.MoveNext))
        {
            yield return chunks.Current;
        }
    }

    /// <summary>Runs a statement over the file; failures come as <see cref="TableException"/>.</summary>
    public void Execute(string sql, CancellationToken cancellation) => Explained(() =>
    {
        session.Execute(sql, cancellation);
        return true;
    });

    /// <summary>The texts of a small result.</summary>
    public List<string?[]> Rows(string sql, CancellationToken cancellation) => Explained(() => session.Rows(sql, cancellation));

    public void Dispose()
    {
        session.Dispose();
        file.Dispose();
    }

    private string SlicePath(int column) => Path.Combine(file.Folder, $"slice{column / SliceColumns}.parquet");

    private T Explained<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (DuckException e)
        {
            throw Relation.Explain(e);
        }
    }

    private string NameList() => Names.Count <= 30 ? string.Join(", ", Names) : $"{string.Join(", ", Names.Take(30))} and {Names.Count - 30} more";
}
