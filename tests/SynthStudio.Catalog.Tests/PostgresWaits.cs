using System.Data.Common;

namespace SynthStudio.Catalog.Tests;

/// <summary>Waiting until others wait for locks.</summary>
internal static class PostgresWaits
{
    /// <summary>Returns when so many sessions of a database wait for a lock. It asks outside of transactions: within one the answer stays the same.</summary>
    public static async Task UntilAsync(DbDataSource database, int sessions, CancellationToken cancellation)
    {
        const string Waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        for (var i = 0; ; i++)
        {
            var waiting = (await database.ReadAsync(Waiting, row => row.GetInt64(0), cancellation))[0];
            if (waiting >= sessions) return;
            if (i == 3000) Assert.Fail($"{waiting} of {sessions} sessions wait for a lock.");
            await Task.Delay(10, cancellation);
        }
    }
}
