using System.Data.Common;
using Microsoft.Data.Sqlite;
using SynthStudio.Catalog;

namespace SynthStudio.LedgerTorture;

/// <summary>A file.</summary>
internal sealed class SqliteTorture(string file) : ITortureDatabase
{
    public Task PrepareAsync()
    {
        CatalogSchema.Apply($"Data Source={file}");
        return Task.CompletedTask;
    }

    public DbDataSource Open() => new SqliteDataSource($"Data Source={file}");

    public Task CopyAsync(string name)
    {
        Copy(file, $"{file}.{name}");
        return Task.CompletedTask;
    }

    public Task PutBackAsync(string name)
    {
        Copy($"{file}.{name}", file);
        return Task.CompletedTask;
    }

    /// <summary>With what is in its log.</summary>
    private static void Copy(string from, string to)
    {
        SqliteConnection.ClearAllPools();
        foreach (var each in (string[])[to, to + "-wal", to + "-shm"]) File.Delete(each);
        using (var connection = new SqliteConnection($"Data Source={from}"))
        {
            connection.Open();
            using var checkpoint = connection.CreateCommand();
            checkpoint.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            checkpoint.ExecuteNonQuery();
        }

        SqliteConnection.ClearAllPools();
        File.Copy(from, to, overwrite: true);
    }
}
