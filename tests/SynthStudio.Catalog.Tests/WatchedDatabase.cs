using System.Data.Common;

namespace SynthStudio.Catalog.Tests;

/// <summary>A database before each of whose statements something happens, which may be the end of who asks.</summary>
/// <param name="inner">The database.</param>
/// <param name="before">Called with the number of the statement, from 1.</param>
internal sealed class WatchedDatabase(DbDataSource inner, Func<int, Task> before) : DbDataSource
{
    private int _statements;

    public override string ConnectionString => inner.ConnectionString;

    protected override DbConnection CreateDbConnection() => inner.CreateConnection();

    protected override async ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default)
    {
        await before(Interlocked.Increment(ref _statements));
        return await inner.OpenConnectionAsync(cancellationToken);
    }
}
