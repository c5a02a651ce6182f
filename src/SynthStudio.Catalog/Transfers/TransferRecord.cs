using System.Text.Json.Serialization;

namespace SynthStudio.Catalog.Transfers;

/// <summary>Rows on their way from, or to, a database or bucket of others.</summary>
public sealed record TransferRecord : IListedRecord
{
    /// <summary>Resource name, <c>projects/{project}/transfers/{transfer}</c>.</summary>
    public required string Name { get; init; }

    public required string Project { get; init; }

    public required TransferSpec Spec { get; init; }

    /// <summary>From where, or to where; of a named connection as it was when the transfer was made.</summary>
    public required TransferEndpoint Endpoint { get; init; }

    /// <summary>Password or secret key that was given with the request, sealed, until the transfer ends; null when its connection has it.</summary>
    public byte[]? SealedSecret { get; init; }

    public TransferState State { get; init; }

    /// <summary>Whether somebody asked that it stops.</summary>
    public bool CancelRequested { get; init; }

    /// <summary>1 for the first; grows when a replica took over what another one left.</summary>
    public int Attempt { get; init; }

    /// <summary>Rows that were moved so far; 0 where only bytes are counted.</summary>
    public long Rows { get; init; }

    public long Bytes { get; init; }

    /// <summary>Why it failed; null otherwise.</summary>
    public WorkError? Error { get; init; }

    public required string Creator { get; init; }

    public required DateTimeOffset CreateTime { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public DateTimeOffset? EndTime { get; init; }
}

/// <summary>Where a transfer stands.</summary>
public enum TransferState
{
    Pending,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

/// <summary>What a transfer is to do. What of it is set says which kind it is.</summary>
public sealed record TransferSpec
{
    /// <summary>The named connection; empty when the endpoint came with the request.</summary>
    public string Connection { get; init; } = "";

    /// <summary>Rows that a query of a database gives become a data set.</summary>
    public QueryImport? Query { get; init; }

    /// <summary>An object in a bucket becomes a data set.</summary>
    public ObjectImport? Object { get; init; }

    /// <summary>Rows, drawn or real, become a table of a database.</summary>
    public TableExport? Table { get; init; }

    /// <summary>Rows, drawn or real, become an object in a bucket.</summary>
    public ObjectExport? Export { get; init; }

    /// <summary>Whether rows come in; else drawn or real ones go out.</summary>
    [JsonIgnore]
    public bool IsImport => Query is not null || Object is not null;

    /// <summary>The data set that an import fills, or the synthetic data set or data set whose rows an export sends.</summary>
    [JsonIgnore]
    public string Subject => Query?.Dataset ?? Object?.Dataset ?? Table?.Source ?? Export?.Source ?? "";

    /// <summary>Attempts that were given back because their replica stopped; they say nothing of the transfer.</summary>
    public int Returns { get; init; }

    /// <summary>Attempts that were given back because this server's database or store did not answer.</summary>
    public int Interruptions { get; init; }
}

/// <summary>Rows that a query gives become a data set.</summary>
/// <param name="Upload">The upload that fills the data set.</param>
/// <param name="Dataset">The data set.</param>
/// <param name="Query">One SELECT.</param>
/// <param name="MaxRows">More rows are refused.</param>
/// <param name="StatementSeconds">How long the database may take for the query.</param>
public sealed record QueryImport(string Upload, string Dataset, string Query, long MaxRows, double StatementSeconds);

/// <summary>An object in a bucket becomes a data set.</summary>
/// <param name="Upload">The upload that fills the data set.</param>
/// <param name="Dataset">The data set.</param>
/// <param name="Key">The object's key.</param>
/// <param name="Sha256">What its bytes must have, lower-case hexadecimal; empty does not check.</param>
public sealed record ObjectImport(string Upload, string Dataset, string Key, string Sha256);

/// <summary>Rows, drawn or real, become a table of a database.</summary>
/// <param name="Source">The synthetic data set, or the data set when real rows go out.</param>
/// <param name="Schema">Where the table is to be.</param>
/// <param name="Table">Its name.</param>
/// <param name="Overwrite">Whether it may replace a table of this name that an export of the project made.</param>
/// <param name="TextColumns">Columns that become texts, whatever they hold.</param>
public sealed record TableExport(string Source, string Schema, string Table, bool Overwrite, IReadOnlyList<string> TextColumns);

/// <summary>Rows, drawn or real, become an object in a bucket.</summary>
/// <param name="Source">The synthetic data set, or the data set when real rows go out.</param>
/// <param name="Key">The object's key.</param>
/// <param name="Overwrite">Whether it may replace an object of this key.</param>
public sealed record ObjectExport(string Source, string Key, bool Overwrite)
{
    public RowFormat Format { get; init; }

    /// <summary>Columns that become texts, whatever they hold.</summary>
    public IReadOnlyList<string> TextColumns { get; init; } = [];

    /// <summary>Whether cells of CSV that a spreadsheet would run get an apostrophe.</summary>
    public bool DefuseFormulas { get; init; }
}
