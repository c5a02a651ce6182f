using System.Data.Common;

namespace SynthStudio.LedgerTorture;

/// <summary>The database that a run's ledger is in, and copies of it.</summary>
internal interface ITortureDatabase
{
    /// <summary>Makes the newest schema.</summary>
    Task PrepareAsync();

    DbDataSource Open();

    /// <summary>Copies it, while nobody uses it.</summary>
    /// <param name="name">The copy's name.</param>
    Task CopyAsync(string name);

    /// <summary>Puts a copy in its place, as an operator does who restores a backup.</summary>
    /// <param name="name">The copy's name.</param>
    Task PutBackAsync(string name);
}
