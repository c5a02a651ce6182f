namespace SynthStudio.LedgerTorture;

/// <summary>How the ledger is to be tortured.</summary>
public sealed record TortureOptions
{
    /// <summary>An empty folder for the database where it is a file, its anchor and the clients' journals.</summary>
    public required string Folder { get; init; }

    /// <summary>An empty PostgreSQL database whose role may make others beside it; null for a file in the folder.</summary>
    public string? Postgres { get; init; }

    /// <summary>Operations in all.</summary>
    public int Operations { get; init; } = 100_000;

    /// <summary>Processes that work at the same time.</summary>
    public int Clients { get; init; } = 4;

    public int Seed { get; init; } = 1;

    /// <summary>One of so many durable steps breaks off: the transaction, or the answer, is lost.</summary>
    public int BreakEvery { get; init; } = 25;

    /// <summary>One of so many durable steps kills its process.</summary>
    public int KillEvery { get; init; } = 2500;

    /// <summary>How often an older copy of the database is put back.</summary>
    public int Restores { get; init; } = 5;

    /// <summary>What is built in wrong, to see that it is found.</summary>
    public PlantedFault Fault { get; init; }
}

/// <summary>A fault that the torture must find.</summary>
public enum PlantedFault
{
    None,

    /// <summary>A reservation is given back although its job was let at the data.</summary>
    RefundAfterTouch,

    /// <summary>Whether a price fits is looked up first and reserved later, in two transactions.</summary>
    CheckThenAct,
}
