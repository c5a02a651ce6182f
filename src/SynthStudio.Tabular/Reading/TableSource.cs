namespace SynthStudio.Tabular;

/// <summary>An opened file with the engine that reads it.</summary>
internal sealed class TableSource : IDisposable
{
    private const int StoredGroupCells = 8_000_000;

    // The engine takes about a megabyte a column to write a file, and tens of milliseconds to begin reading one of thousands of columns.
    private const int SliceColumns = 128;

    // A column with more distinct values than this in a group of rows is written plainly, which takes half the time.
    private const int DictionaryEntries = 8192;

    private readonly SourceFile file;
    private readonly DuckSession session;
    private readonly Dictionary<string, int> positions;
    private bool isStored;

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

    /// <summary>Whether the cells of the table take at most so many bytes as text.</summary>
    public bool IsTextOfAtMost(long bytes) => file.Format != SourceFormat.Parquet && file.ExpandedBytes <= bytes;

    /// <summary>
    /// Stores all cells as text by columns, in temporary Parquet files: their dictionaries make grouping a column many times faster than
    /// parsing the file, and writing them takes half of what a database of the engine's own takes.
    /// </summary>
    public void Store(long? maximumRows, CancellationToken cancellation)
    {
        isStored = true;

        // Which rows a limit takes depends on their order; everything else in a profile does not.
        Execute($"SET preserve_insertion_order = {(maximumRows is null ? "false" : "true")}", cancellation);
        for (var first = 0; first < Names.Count; first += SliceColumns)
        {
            var columns = Math.Min(SliceColumns, Names.Count - first);
            var groupRows = Math.Clamp(StoredGroupCells / columns, 2048, 122_880);
            Execute(
                $"COPY ({Relation.SelectNumbered(Enumerable.Range(first, columns), maximumRows)}) TO {DuckSession.Literal(SlicePath(first))} "
                + "(FORMAT parquet, COMPRESSION uncompressed, WRITE_BLOOM_FILTER false, "
                + $"ROW_GROUP_SIZE {groupRows}, DICTIONARY_SIZE_LIMIT {DictionaryEntries})",
                cancellation);
        }
    }

    /// <summary>The stored columns beside <paramref name="column"/>, itself among them, for use after FROM; and file_row_number.</summary>
    public string StoredWith(int column) => $"read_parquet({DuckSession.Literal(SlicePath(column))}, file_row_number = true)";

    /// <summary>Whether <see cref="FromWith"/> of one column has the other too.</summary>
    public bool AreTogether(int column, int other) => !isStored || column / SliceColumns == other / SliceColumns;

    /// <summary>For use after FROM: the stored columns beside <paramref name="column"/>, or all of a table that is not stored; and file_row_number.</summary>
    public string FromWith(int column, long? maximumRows) => isStored
        ? StoredWith(column)
        : $"(SELECT *, row_number() OVER () AS file_row_number FROM {FromAll(maximumRows)})";

    /// <summary>For use after FROM: all columns, stored or, of a table that is wide or not stored, as they are read.</summary>
    public string FromAll(long? maximumRows) => isStored && Names.Count <= SliceColumns
        ? StoredWith(0)
        : $"({Relation.SelectNumbered(Enumerable.Range(0, Names.Count), maximumRows)})";

    /// <summary>The number that a query counts.</summary>
    public long Count(string sql, CancellationToken cancellation)
    {
        foreach (var chunk in Query(sql, cancellation))
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
