namespace SynthStudio.LedgerTorture;

/// <summary>
/// What a client began and what it was told, in a file that survives its process: the other side of the ledger's books. An operation that was
/// begun and not answered is begun again.
/// </summary>
internal sealed class ClientJournal : IDisposable
{
    private readonly StreamWriter _file;

    private ClientJournal(StreamWriter file, IReadOnlyList<(Operation Operation, string? Answer)> entries)
    {
        _file = file;
        Entries = [.. entries];
    }

    /// <summary>All operations in order; only the last may have no answer.</summary>
    public List<(Operation Operation, string? Answer)> Entries { get; }

    public static string PathOf(string folder, int client) => Path.Combine(folder, $"client{client}.journal");

    public static ClientJournal Open(string folder, int client)
    {
        var entries = Read(folder, client);
        return new ClientJournal(
            new StreamWriter(new FileStream(PathOf(folder, client), FileMode.Append, FileAccess.Write, FileShare.Read))
                { AutoFlush = true },
            entries);
    }

    /// <summary>Reads a journal; a line that its process died in the middle of does not count.</summary>
    public static IReadOnlyList<(Operation Operation, string? Answer)> Read(string folder, int client)
    {
        var entries = new List<(Operation, string? Answer)>();
        if (!File.Exists(PathOf(folder, client))) return entries;
        foreach (var line in File.ReadAllText(PathOf(folder, client)).Split('\n'))
        {
            if (!line.EndsWith('.')) continue;
            if (line[0] == '>')
            {
                var operation = Operation.Parse(line[1..^1]);
                if (entries.Count > 0 && entries[^1].Item1.Number == operation.Number) entries.RemoveAt(entries.Count - 1);
                entries.Add((operation, null));
            }
            else
            {
                entries[^1] = (entries[^1].Item1, line[1..^1]);
            }
        }

        return entries;
    }

    public void Begin(Operation operation)
    {
        _file.Write($"\n>{operation.ToText()}.");
        if (Entries.Count > 0 && Entries[^1].Operation.Number == operation.Number) Entries.RemoveAt(Entries.Count - 1);
        Entries.Add((operation, null));
    }

    public void End(string answer)
    {
        _file.Write($"\n<{answer}.");
        Entries[^1] = (Entries[^1].Operation, answer);
    }

    public void Dispose() => _file.Dispose();
}
