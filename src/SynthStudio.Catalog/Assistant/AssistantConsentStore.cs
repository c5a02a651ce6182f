using System.Data.Common;

namespace SynthStudio.Catalog.Assistant;

/// <summary>Data sets whose values may be sent to language models, by the word of somebody who may still give it.</summary>
public sealed class AssistantConsentStore
{
    private const string Columns = "dataset, project, grantor, recipients, grant_time";

    /// <summary>Who gave it may give it now: an owner of the project or an administrator, not locked out.</summary>
    private const string Stands = """
        EXISTS (SELECT 1 FROM users u WHERE u.name = assistant_consents.grantor AND u.disabled = @off AND (u.role = 'Admin' OR EXISTS (
            SELECT 1 FROM project_members m WHERE m.project = assistant_consents.project AND m."user" = u.name AND m.role = 'Owner')))
        """;

    private readonly DbDataSource _database;

    internal AssistantConsentStore(DbDataSource database) => _database = database;

    /// <summary>The consent for a data set; null when there is none, or who gave it may not give it any more.</summary>
    public async Task<AssistantConsent?> FindAsync(string dataset, CancellationToken cancellation = default) => (await _database.ReadAsync(
        $"SELECT {Columns} FROM assistant_consents WHERE dataset = @dataset AND {Stands}", Map, cancellation,
        ("@dataset", dataset), ("@off", false))).FirstOrDefault();

    /// <summary>Notes a consent, in the place of an earlier one.</summary>
    public Task SetAsync(AssistantConsent consent, CancellationToken cancellation = default) => _database.ExecuteAsync(
        """
        INSERT INTO assistant_consents (dataset, project, grantor, recipients, grant_time) VALUES (@dataset, @project, @grantor, @recipients, @now)
        ON CONFLICT (dataset) DO UPDATE SET grantor = excluded.grantor, recipients = excluded.recipients, grant_time = excluded.grant_time
        """,
        cancellation, ("@dataset", consent.Dataset), ("@project", consent.Project), ("@grantor", consent.Grantor), ("@recipients", string.Join(' ', consent.Recipients)),
        ("@now", consent.GrantTime));

    /// <summary>Takes a consent away; there may be none.</summary>
    public Task DeleteAsync(string dataset, CancellationToken cancellation = default) =>
        _database.ExecuteAsync("DELETE FROM assistant_consents WHERE dataset = @dataset", cancellation, ("@dataset", dataset));

    /// <summary>Takes away those that a user gave and may not give any more.</summary>
    /// <returns>What was taken away.</returns>
    public async Task<IReadOnlyList<AssistantConsent>> EndAsync(string grantor, CancellationToken cancellation = default) =>
        await _database.ReadAsync(
            $"DELETE FROM assistant_consents WHERE grantor = @grantor AND NOT {Stands} RETURNING {Columns}", Map, cancellation,
            ("@grantor", grantor), ("@off", false));

    /// <summary>All whose giver may not give them any more.</summary>
    public async Task<IReadOnlyList<AssistantConsent>> ListFallenAsync(CancellationToken cancellation = default) =>
        await _database.ReadAsync(
            $"SELECT {Columns} FROM assistant_consents WHERE NOT {Stands} ORDER BY dataset", Map, cancellation, ("@off", false));

    /// <summary>Takes one away whose giver may not give it any more.</summary>
    /// <returns>False when it stands again, is another one's by now, or is gone.</returns>
    public async Task<bool> EndAsync(AssistantConsent fallen, CancellationToken cancellation = default) => await _database.ExecuteAsync(
        $"DELETE FROM assistant_consents WHERE dataset = @dataset AND grantor = @grantor AND NOT {Stands}", cancellation,
        ("@dataset", fallen.Dataset), ("@grantor", fallen.Grantor), ("@off", false)) == 1;

    private static AssistantConsent Map(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3).Split(' ', StringSplitOptions.RemoveEmptyEntries),
        row.GetTime(4));
}
