namespace SynthStudio.Tabular;

/// <summary>An opened file with the engine that reads it.</summary>
internal sealed class TableSource : IDisposable
{
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

    /// <summary>Where a temporary file may be put that goes with this.</summary>
    public string TemporaryPath(string name) => Path.Combine(file.Folder, name);

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

    /// <summary>Reads columns from the first row to the last, on a thread of its own; each batch is valid until the next is asked for.</summary>
    /// <exception cref="TableException">The file is damaged.</exception>
    public IEnumerable<TextBatch> Read(IEnumerable<int> columns, long? maximumRows, CancellationToken cancellation)
    {
        var sql = Relation.Select(columns, maximumRows);
        return Ahead.Of(stop => TextBatch.Of(Query(sql, stop)), cancellation);
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

    private IEnumerable<TextChunk> Query(string sql, CancellationToken cancellation)
    {
        using var chunks = session.Query(sql, cancellation).GetEnumerator();
        while (Explained(chunks.MoveNext))
        {
            yield return chunks.Current;
        }
    }

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
