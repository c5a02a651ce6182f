using System.Data.Common;

namespace SynthStudio.Catalog;

/// <summary>What projects say of who may see their real rows.</summary>
public sealed class DataPolicyStore
{
    private readonly DbDataSource _database;

    internal DataPolicyStore(DbDataSource database) => _database = database;

    /// <summary>The project's policy: owners only, until it says something else.</summary>
    public async Task<RealRowPolicy> FindAsync(string project, CancellationToken cancellation = default) => (await _database.ReadAsync(
        "SELECT real_rows FROM data_policies WHERE project = @project", row => row.GetEnum<RealRowPolicy>(0), cancellation, ("@project", project))).FirstOrDefault();

    public Task SetAsync(string project, RealRowPolicy policy, DateTimeOffset now, CancellationToken cancellation = default) => _database.ExecuteAsync(
        """
        INSERT INTO data_policies (project, real_rows, update_time) VALUES (@project, @policy, @now)
        ON CONFLICT (project) DO UPDATE SET real_rows = excluded.real_rows, update_time = excluded.update_time
        """,
        cancellation, ("@project", project), ("@policy", policy.ToString()), ("@now", now));
}
